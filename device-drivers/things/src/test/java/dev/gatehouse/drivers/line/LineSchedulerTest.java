package dev.gatehouse.drivers.line;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.api.device.Line;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class LineSchedulerTest {
  private final LineScheduler scheduler = new LineScheduler();

  @AfterEach
  void stop() throws InterruptedException {
    scheduler.deactivate();
  }

  @Test
  void tasksOfOneLineNeverOverlapWhicheverHandleGaveThem() throws InterruptedException {
    AtomicInteger running = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    CountDownLatch done = new CountDownLatch(40);
    Runnable task =
        () -> {
          most.accumulateAndGet(running.incrementAndGet(), Math::max);
          Thread.yield();
          running.decrementAndGet();
          done.countDown();
        };
    Line one = scheduler.line("bus");
    Line other = scheduler.line("bus");
    for (int i = 0; i < 20; i++) {
      assertThat(one.run(task)).isTrue();
      assertThat(other.run(task)).isTrue();
    }
    assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(most.get()).isEqualTo(1);
  }

  @Test
  void aLineThatHangsDelaysNoOther() throws InterruptedException {
    CountDownLatch end = new CountDownLatch(1);
    for (int i = 0; i < 20; i++) {
      scheduler.line("dead-" + i).run(() -> await(end));
    }
    CountDownLatch alive = new CountDownLatch(3);
    scheduler.line("alive").repeat(Duration.ofMillis(1), alive::countDown);
    assertThat(alive.await(10, TimeUnit.SECONDS)).isTrue();
    end.countDown();
  }

  @Test
  void tasksRunInTheOrderInWhichTheyCame() throws InterruptedException {
    List<Integer> order = Collections.synchronizedList(new ArrayList<>());
    CountDownLatch done = new CountDownLatch(1);
    Line line = scheduler.line("bus");
    for (int i = 0; i < 50; i++) {
      int number = i;
      line.run(() -> order.add(number));
    }
    line.run(done::countDown);
    assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(order).hasSize(50).isSorted();
  }

  @Test
  void aBusyLineRefusesMoreThanItsBound() throws InterruptedException {
    CountDownLatch end = new CountDownLatch(1);
    CountDownLatch begun = new CountDownLatch(1);
    Line line = scheduler.line("bus");
    line.run(
        () -> {
          begun.countDown();
          await(end);
        });
    assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
    AtomicInteger ran = new AtomicInteger();
    for (int i = 0; i < Line.MAX_WAITING; i++) {
      assertThat(line.run(ran::incrementAndGet)).isTrue();
    }
    assertThat(line.run(ran::incrementAndGet)).isFalse();
    CountDownLatch last = new CountDownLatch(1);
    end.countDown();
    while (!line.run(last::countDown)) {
      Thread.onSpinWait();
    }
    assertThat(last.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(ran.get()).isEqualTo(Line.MAX_WAITING);
  }

  @Test
  void aTaskThatThrowsRepeatsAndLeavesItsLineUsable() throws InterruptedException {
    CountDownLatch thrice = new CountDownLatch(3);
    Line line = scheduler.line("bus");
    line.repeat(
        Duration.ofMillis(1),
        () -> {
          thrice.countDown();
          throw new IllegalStateException("expected by the test");
        });
    assertThat(thrice.await(10, TimeUnit.SECONDS)).isTrue();
    CountDownLatch next = new CountDownLatch(1);
    assertThat(line.run(next::countDown)).isTrue();
    assertThat(next.await(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void closingAHandleInterruptsItsTaskAndNoOther() throws InterruptedException {
    LinkedBlockingQueue<String> events = new LinkedBlockingQueue<>();
    CountDownLatch begun = new CountDownLatch(1);
    Line first = scheduler.line("bus");
    Line second = scheduler.line("bus");
    first.run(
        () -> {
          begun.countDown();
          events.add(await(new CountDownLatch(1)) ? "ended" : "interrupted");
        });
    first.run(() -> events.add("must not run"));
    second.run(() -> events.add(Thread.currentThread().isInterrupted() ? "hurt" : "unhurt"));
    assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
    first.close();
    assertThat(events.poll(10, TimeUnit.SECONDS)).isEqualTo("interrupted");
    assertThat(events.poll(10, TimeUnit.SECONDS)).isEqualTo("unhurt");
    assertThat(first.run(() -> {})).isFalse();
    assertThat(scheduler.openLines()).isEqualTo(1);
    second.close();
    second.close();
    assertThat(scheduler.openLines()).isZero();
    assertThat(events).isEmpty();
  }

  @Test
  void aCancelledTaskDoesNotRun() throws InterruptedException {
    AtomicInteger ran = new AtomicInteger();
    CountDownLatch later = new CountDownLatch(1);
    Line line = scheduler.line("bus");
    line.after(Duration.ofMillis(20), ran::incrementAndGet).cancel();
    line.after(Duration.ofMillis(40), later::countDown);
    assertThat(later.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(ran.get()).isZero();
  }

  @Test
  void aStoppedSchedulerRunsNothingThatWaited() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    LinkedBlockingQueue<String> events = new LinkedBlockingQueue<>();
    Line line = scheduler.line("bus");
    line.run(
        () -> {
          begun.countDown();
          events.add(await(new CountDownLatch(1)) ? "ended" : "interrupted");
        });
    line.run(() -> events.add("must not run"));
    assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
    scheduler.deactivate();
    assertThat(events).containsExactly("interrupted");
    assertThat(line.run(() -> {})).isFalse();
  }

  private static boolean await(CountDownLatch latch) {
    try {
      latch.await();
      return true;
    } catch (InterruptedException e) {
      return false;
    }
  }
}
