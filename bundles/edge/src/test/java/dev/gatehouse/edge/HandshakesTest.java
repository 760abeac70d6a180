package dev.gatehouse.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HandshakesTest {
  private final EmbeddedChannel channel = new EmbeddedChannel();

  @AfterEach
  void close() {
    channel.finishAndReleaseAll();
  }

  private static Handshakes handshakes(int running, int open, int openOfAddress) {
    return new Handshakes(new Handshakes.Limits(running, open, openOfAddress, 1_000));
  }

  private List<Handshakes.Turn> turns(Handshakes handshakes, int count, String address)
      throws UnknownHostException {
    List<Handshakes.Turn> turns = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      turns.add(handshakes.turn(channel.eventLoop(), InetAddress.getByName(address)));
    }
    return turns;
  }

  private static List<Boolean> granted(List<Handshakes.Turn> turns) {
    return turns.stream().map(turn -> turn.granted().isSuccess()).toList();
  }

  private void pass(long millis) {
    channel.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
    channel.runScheduledPendingTasks();
  }

  @Test
  void asManyRunAsMayAndTheOthersFollowInTheOrderOfTheirComing() throws Exception {
    Handshakes handshakes = handshakes(2, 100, 100);
    List<Handshakes.Turn> turns = turns(handshakes, 4, "10.0.0.1");

    assertThat(granted(turns)).containsExactly(true, true, false, false);
    assertThat(handshakes.waiting()).isEqualTo(2);
    turns.get(1).end();
    assertThat(granted(turns)).containsExactly(true, true, true, false);
    turns.get(1).end(); // again: it changes nothing
    assertThat(granted(turns)).containsExactly(true, true, true, false);
    turns.get(0).end();
    assertThat(granted(turns)).containsExactly(true, true, true, true);
    assertThat(handshakes.begun()).isEqualTo(4);
  }

  @Test
  void anAddressWithManyClientsDoesNotKeepAnotherOneWaiting() throws Exception {
    Handshakes handshakes = handshakes(1, 100, 100);
    List<Handshakes.Turn> many = turns(handshakes, 50, "10.0.0.1");
    List<Handshakes.Turn> few = turns(handshakes, 2, "10.0.0.2");

    many.get(0).end();
    many.get(1).end();
    assertThat(few.get(0).granted().isSuccess()).isTrue();
    few.get(0).end();
    assertThat(many.get(2).granted().isSuccess()).isTrue();
    many.get(2).end();
    assertThat(few.get(1).granted().isSuccess()).isTrue();
  }

  @Test
  void aHandshakeThatWaitsForItsClientMakesRoomForAnotherOne() throws Exception {
    Handshakes handshakes = handshakes(1, 100, 100);
    List<Handshakes.Turn> turns = turns(handshakes, 2, "10.0.0.1");

    pass(Handshakes.STALL_MILLIS - 1);
    assertThat(granted(turns)).containsExactly(true, false);
    pass(1);
    assertThat(granted(turns)).containsExactly(true, true);
    assertThat(handshakes.open()).isEqualTo(2);
  }

  @Test
  void stalledHandshakesOfOneAddressAreBoundedAndOthersGoOn() throws Exception {
    Handshakes handshakes = handshakes(10, 6, 4);
    List<Handshakes.Turn> hostile = turns(handshakes, 10, "10.0.0.1");

    pass(10 * Handshakes.STALL_MILLIS);
    assertThat(granted(hostile)).filteredOn(yes -> yes).hasSize(4);
    List<Handshakes.Turn> honest = turns(handshakes, 1, "10.0.0.2");
    assertThat(granted(honest)).containsExactly(true);
    hostile.get(0).end();
    assertThat(hostile.get(4).granted().isSuccess()).isTrue();
  }

  @Test
  void stalledHandshakesOfAllAddressesAreBounded() throws Exception {
    Handshakes handshakes = handshakes(10, 3, 2);
    List<Handshakes.Turn> turns = new ArrayList<>();
    for (int i = 1; i <= 5; i++) {
      turns.addAll(turns(handshakes, 2, "10.0.0." + i));
      pass(Handshakes.STALL_MILLIS);
    }

    assertThat(handshakes.open()).isEqualTo(3);
    turns.forEach(Handshakes.Turn::end);
    assertThat(handshakes.open()).isZero();
    assertThat(handshakes.waiting()).isZero();
  }

  @Test
  void whoLeavesTheQueueIsPassedOver() throws Exception {
    Handshakes handshakes = handshakes(1, 100, 100);
    List<Handshakes.Turn> turns = turns(handshakes, 3, "10.0.0.1");

    turns.get(1).end();
    assertThat(handshakes.waiting()).isEqualTo(1);
    turns.get(0).end();
    assertThat(granted(turns)).containsExactly(true, false, true);
  }

  @Test
  void hostsOfOneNetworkOfIpv6AreOneAddress() throws Exception {
    Handshakes handshakes = handshakes(10, 10, 1);

    assertThat(granted(turns(handshakes, 1, "2001:db8::1"))).containsExactly(true);
    assertThat(granted(turns(handshakes, 1, "2001:db8::2"))).containsExactly(false);
    assertThat(granted(turns(handshakes, 1, "2001:db8:1::1"))).containsExactly(true);
  }

  @Test
  void whatClientsHaveSentIsCountedInBytes() {
    Handshakes handshakes = handshakes(1, 1, 1);

    assertThat(handshakes.hold(1_000)).isTrue();
    assertThat(handshakes.hold(1)).isFalse();
    assertThat(handshakes.refused()).isEqualTo(1);
    handshakes.hold(-501);
    assertThat(handshakes.hold(500)).isTrue();
    assertThat(handshakes.heldBytes()).isEqualTo(1_000);
  }
}
