package dev.gatehouse.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.api.memory.MemoryShare;
import dev.gatehouse.api.telemetry.HealthCheck;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeapBudgetTest {
  private static final long MEBIBYTE = 1 << 20;

  private final HeapBudget budget = new HeapBudget(256 * MEBIBYTE);

  @Test
  void theBudgetIsHalfOfTheHeapThatTheGatewayLeaves() {
    assertThat(budget.totalBytes()).isEqualTo(112 * MEBIBYTE);
    assertThat(new HeapBudget(96 * MEBIBYTE).totalBytes()).isEqualTo(32 * MEBIBYTE);
    assertThat(new HeapBudget(16 * MEBIBYTE).totalBytes()).isEqualTo(8 * MEBIBYTE);
  }

  @Test
  void aShareGivesOutItsPercentageAndNotAByteMore() {
    MemoryShare share = budget.open("broker.wills", 10);
    long limit = 112 * MEBIBYTE / 10;
    assertThat(share.limitBytes()).isEqualTo(limit);
    assertThat(share.tryTake(limit)).isTrue();
    assertThat(share.tryTake(1)).isFalse();
    share.release(10);
    assertThat(share.tryTake(Long.MAX_VALUE)).isFalse();
    assertThat(share.tryTake(10)).isTrue();
    assertThat(share.usedBytes()).isEqualTo(limit);
    assertThat(refusals("broker.wills")).isEqualTo(2);
  }

  @Test
  void aFullShareLeavesTheOthersTheirRoom() {
    MemoryShare strangers = budget.open("http.strangers", 2);
    MemoryShare callers = budget.open("http.callers", 5);
    assertThat(strangers.tryTake(strangers.limitBytes())).isTrue();
    assertThat(callers.tryTake(callers.limitBytes())).isTrue();
  }

  @Test
  void bytesBeyondTheLimitMakeOthersWaitUntilTheyAreReleased() {
    MemoryShare share = budget.open("broker.subscriptions", 1);
    share.take(2 * share.limitBytes());
    assertThat(share.tryTake(1)).isFalse();
    share.release(2 * share.limitBytes());
    assertThat(share.tryTake(1)).isTrue();
  }

  @Test
  void aRefusedShareSaysWhichOnesHoldTheBudget() {
    budget.open("broker.messages", 60);
    assertThatThrownBy(() -> budget.open("rules.results", 41))
        .hasMessage(
            "the memory share rules.results asks for 41 percent, but 60 of 100 are taken by"
                + " [broker.messages]");
    assertThatThrownBy(() -> budget.open("broker.messages", 1))
        .hasMessage("the memory share broker.messages is already open");
    assertThatThrownBy(() -> budget.open("rules.results", 0))
        .hasMessage("the memory share rules.results has 0 percent; it must be from 1 to 100");
  }

  @Test
  void aClosedShareMakesRoomForTheSameNameAgain() {
    budget.open("shadow.requests", 100).close();
    assertThat(budget.open("shadow.requests", 100).usedBytes()).isZero();
  }

  @Test
  void negativeBytesAreRefusedWhereTheyWouldCorruptTheCount() {
    MemoryShare share = budget.open("broker.wills", 10);
    assertThatThrownBy(() -> share.tryTake(-1)).hasMessage("bytes is -1; it must be 0 or more");
    assertThatThrownBy(() -> share.take(-1)).hasMessage("bytes is -1; it must be 0 or more");
    assertThatThrownBy(() -> share.release(-1)).hasMessage("bytes is -1; it must be 0 or more");
  }

  @Test
  void healthNamesTheShareThatIsNearlyFull() {
    MemoryShare share = budget.open("broker.wills", 10);
    assertThat(budget.health().state()).isEqualTo(HealthCheck.State.UP);
    share.take(share.limitBytes());
    assertThat(budget.health().state()).isEqualTo(HealthCheck.State.DEGRADED);
    assertThat(budget.health().message())
        .contains("broker.wills uses " + share.limitBytes() + " of " + share.limitBytes());
  }

  @Test
  void manyThreadsTogetherNeverTakeMoreThanTheLimit() throws InterruptedException {
    MemoryShare share = budget.open("broker.wills", 1);
    long step = 1_000;
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Thread thread =
          new Thread(
              () -> {
                while (share.tryTake(step)) {
                  Thread.onSpinWait();
                }
              });
      thread.start();
      threads.add(thread);
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(share.usedBytes()).isEqualTo(share.limitBytes() / step * step);
  }

  private double refusals(String share) {
    return budget.metrics().stream()
        .filter(metric -> metric.name().equals("memory_share_refusals_total"))
        .filter(metric -> share.equals(metric.labels().get("share")))
        .findFirst()
        .orElseThrow()
        .value();
  }
}
