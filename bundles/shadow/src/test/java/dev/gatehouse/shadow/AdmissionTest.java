package dev.gatehouse.shadow;

import static dev.gatehouse.shadow.House.BULB;
import static dev.gatehouse.shadow.House.TOPIC;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.api.memory.MemoryShare;
import dev.gatehouse.api.shadow.ShadowName;
import dev.gatehouse.api.shadow.ShadowResult;
import dev.gatehouse.testkit.FixedMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

final class AdmissionTest {
  private final MemoryShare share = new FixedMemory(100_000).open("shadow.requests", 1); // 1,000
  private final Admission admission = new Admission(share);

  @Test
  void worksWhileThereIsMemoryAndInTheOrderOfTheLineLater() {
    List<String> begun = new ArrayList<>();
    Admission.Pass pass = admission.tryBegin(400);
    assertThat(pass).isNotNull();
    assertThat(admission.tryBegin(101)).isNull();
    var first = admission.await(101).thenApply(turn -> noted(begun, "first", turn));
    var second = admission.await(1).thenApply(turn -> noted(begun, "second", turn));
    assertThat(admission.tryBegin(1)).as("nobody overtakes").isNull();
    assertThat(begun).isEmpty();
    pass.keep(100); // it only waits for the disk now
    assertThat(begun).containsExactly("first", "second");
    pass.end();
    House.now(first).end();
    House.now(second).end();
    assertThat(share.usedBytes()).isZero();
  }

  private static Admission.Pass noted(List<String> begun, String name, Admission.Pass turn) {
    begun.add(name);
    return turn;
  }

  @Test
  void aRequestThatNeedsMoreThanThereIsWorksAlone() {
    Admission.Pass pass = admission.tryBegin(5_000);
    assertThat(pass).isNotNull();
    assertThat(admission.tryBegin(1)).isNull();
    pass.end();
    assertThat(admission.tryBegin(1)).isNotNull();
  }

  @Test
  void aLongLineOfRequestsThatAreDoneAtOnceDoesNotOverflowTheStack() {
    Admission.Pass pass = admission.tryBegin(500);
    assertThat(pass).isNotNull();
    List<CompletionStage<Void>> turns = new ArrayList<>();
    for (int i = 0; i < 100_000; i++) {
      turns.add(admission.await(10).thenAccept(Admission.Pass::end));
    }
    pass.end();
    assertThat(turns).allMatch(turn -> turn.toCompletableFuture().isDone());
    assertThat(share.usedBytes()).isZero();
  }

  @Test
  void waitingRequestsAreRefusedWhenTheirBytesFillHalfOfTheShare() {
    assertThat(admission.enter(500)).isTrue();
    assertThat(admission.enter(1)).isFalse();
    admission.leave(500);
    assertThat(admission.enter(1)).isTrue();
  }

  /** A megabyte for all shares, so 30 kB for shadows: what does not fit waits or is refused. */
  @Test
  void floodOfUpdatesIsDoneOrRefusedAndLeavesNothing() {
    House house = new House(new FixedMemory(1_000_000));
    String state = "[" + "0,".repeat(200) + "0]";
    house.store.hold();
    List<CompletableFuture<ShadowResult>> results = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      ShadowName name = new ShadowName(House.ACCOUNT, "bulb", "shadow" + i);
      String request = "{\"state\":{\"reported\":{\"a\":" + state + "}}}";
      results.add(house.shadows.update(name, Fixtures.bytes(request)).toCompletableFuture());
    }
    assertThat(results).filteredOn(CompletableFuture::isDone).hasSizeBetween(50, 99);
    assertThat(results)
        .filteredOn(CompletableFuture::isDone)
        .allMatch(done -> done.join() instanceof ShadowResult.Rejected no && no.code() == 429);
    while (!results.stream().allMatch(CompletableFuture::isDone)) {
      house.store.release();
    }
    assertThat(results)
        .filteredOn(done -> done.join() instanceof ShadowResult.Accepted)
        .isNotEmpty();
    assertThat(House.now(house.shadows.get(BULB)))
        .isEqualTo(new ShadowResult.Rejected(404, "No shadow exists with name: 'bulb'"));
    assertThat(house.memory.opened("shadow.requests").usedBytes()).isZero();
  }

  @Test
  void hugeRequestOverMqttIsRejectedWithoutBeingLookedAt() {
    House house = new House(new FixedMemory(1_000_000));
    house.ask("c", TOPIC + "update", "{'clientToken': 't', 'a': '" + "x".repeat(131_072) + "'}");
    assertThat(house.told("update/rejected"))
        .singleElement()
        .satisfies(
            told -> {
              assertThat(told.get("code").asInt()).isEqualTo(413);
              assertThat(told.has("clientToken")).isFalse();
            });
  }
}
