package dev.gatehouse.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AdmissionTest {
  private static final int LIMIT = 80; // 10 of them for loopback

  private long now = Long.MAX_VALUE - 5; // nanoTime goes round
  private final Admission admission = new Admission(LIMIT, 0, () -> now);

  private static InetAddress address(int last) throws Exception {
    return InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) last});
  }

  private ConnectionPlace admit(InetAddress from) {
    now++;
    return admission.admit(from, new EmbeddedChannel());
  }

  private List<ConnectionPlace> fill(int addresses, int each) throws Exception {
    List<ConnectionPlace> places = new ArrayList<>();
    for (int i = 0; i < addresses * each; i++) {
      places.add(admit(address(i % addresses)));
    }
    return places;
  }

  @Test
  void anAddressThatHasHalfOfThePlacesLosesItsOwnOldest() throws Exception {
    List<ConnectionPlace> places = fill(1, LIMIT / 2);
    ConnectionPlace other = admit(address(9));
    assertThat(admit(address(0))).isNotNull();
    assertThat(places.get(0).channel.isActive()).isFalse();
    assertThat(places.get(1).channel.isActive()).isTrue();
    assertThat(other.channel.isActive()).isTrue();
    assertThat(admission.connections()).isEqualTo(LIMIT / 2 + 1);
  }

  @Test
  void whenAllIsTakenTheAddressWithTheMostGivesUpOneAtRest() throws Exception {
    List<ConnectionPlace> few = fill(1, 3);
    List<ConnectionPlace> many = new ArrayList<>();
    for (int i = 0; i < 67; i++) {
      many.add(admit(address(1 + i % 2)));
    }
    many.get(0).callBegins();
    many.get(2).callerIsKnown();
    assertThat(admit(address(7))).isNotNull();
    assertThat(many.get(0).channel.isActive()).as("is in a call").isTrue();
    assertThat(many.get(2).channel.isActive()).as("its caller is known").isTrue();
    assertThat(many.get(4).channel.isActive()).as("the oldest that is left").isFalse();
    assertThat(few).allMatch(place -> place.channel.isActive());
    assertThat(admission.displaced.sum()).isEqualTo(1);
  }

  @Test
  void whenAllAreInCallsOnlyLoopbackGetsIn() throws Exception {
    List<ConnectionPlace> places = fill(2, 35);
    places.forEach(ConnectionPlace::callBegins);
    assertThat(admit(address(7))).isNull();
    assertThat(admission.refused.sum()).isEqualTo(1);
    for (int i = 0; i < 10; i++) {
      assertThat(admit(InetAddress.getLoopbackAddress())).isNotNull();
    }
    places.get(5).callEnds(now);
    assertThat(admit(address(7))).isNotNull();
    assertThat(places.get(5).channel.isActive()).isFalse();
  }

  @Test
  void aPlaceIsFreeOnceItsConnectionLeft() throws Exception {
    ConnectionPlace place = admit(address(1));
    admission.leave(place);
    admission.leave(place);
    assertThat(admission.connections()).isZero();
  }

  @Test
  void newConnectionsOfAnAddressAreBoundedByRateButNotThoseOfTheMachineItself() throws Exception {
    Admission slow = new Admission(LIMIT, 1, () -> now);
    int admitted = 0;
    for (int i = 0; i < 100; i++) {
      admitted += slow.admit(address(1), new EmbeddedChannel()) == null ? 0 : 1;
      assertThat(slow.admit(InetAddress.getLoopbackAddress(), new EmbeddedChannel())).isNotNull();
    }
    assertThat(admitted).isEqualTo(20);
  }
}
