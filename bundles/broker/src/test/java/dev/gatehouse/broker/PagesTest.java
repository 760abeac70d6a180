package dev.gatehouse.broker;

import static dev.gatehouse.broker.House.QOS1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.api.memory.MemoryShare;
import dev.gatehouse.api.store.Queue;
import dev.gatehouse.api.time.PassedTime;
import dev.gatehouse.testkit.FixedMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PagesTest {
  private final House house = new House();
  private final SlowQueue queue = new SlowQueue();
  private final List<Pages.Page> read = new ArrayList<>();
  private final Counters counters = new Counters();
  private final MemoryShare memory = new FixedMemory(100 << 20).open("broker.messages", 1);
  private final OutboxServices services =
      new OutboxServices(
          House::small,
          counters,
          new Lifetime(House::small, PassedTime.of(house.clock)),
          memory,
          new MemoryWaiters(house.timer));
  private final Backlog backlog = new Backlog(services);
  private final Pages pages = new Pages(queue, backlog, services, 0, false);

  @AfterEach
  void stop() {
    house.close();
  }

  /** A queue whose reads end when the test says so. */
  private static final class SlowQueue implements Queue {
    final List<Long> reads = new ArrayList<>();
    final List<Integer> bytes = new ArrayList<>();
    CompletableFuture<List<Entry>> reading = new CompletableFuture<>();

    @Override
    public long size() {
      return 0;
    }

    @Override
    public long bytes() {
      return 0;
    }

    @Override
    public long last() {
      return -1;
    }

    @Override
    public CompletionStage<List<Entry>> read(long from, int maxEntries, int maxBytes) {
      reads.add(from);
      bytes.add(maxBytes);
      reading = new CompletableFuture<>();
      return reading;
    }
  }

  private Outgoing outgoing(long number) {
    return new Outgoing(number, house.message("a", "x", QOS1), QOS1, false, List.of());
  }

  private static Queue.Entry stored(Outgoing outgoing) {
    return new Queue.Entry(outgoing.number, outgoing.header(), MessageRow.write(outgoing.message));
  }

  private void page(long from, int count) {
    List<Queue.Entry> entries = new ArrayList<>();
    for (long number = from; number < from + count; number++) {
      entries.add(stored(outgoing(number)));
    }
    queue.reading.complete(entries);
    read.remove(0).take(outgoing -> true);
  }

  @Test
  void afterAFullPageTheNextIsReadBeforeItIsUsedUpAndAfterAnotherWhenItIs() {
    pages.append(outgoing(1), false);
    pages.refill(read::add);
    page(1, 256);
    int used = 0;
    while (queue.reads.size() == 1) {
      pages.refill(read::add);
      backlog.free(backlog.poll().bytes);
      used++;
    }
    assertThat(used).isBetween(120, 140);
    assertThat(queue.reads).containsExactly(1L, 257L);
    page(257, 10);
    long last = 0;
    for (Outgoing next = backlog.poll(); next != null; next = backlog.poll()) {
      assertThat(next.number).isEqualTo(last == 0 ? next.number : last + 1);
      last = next.number;
      backlog.free(next.bytes);
      if (backlog.peek() != null) {
        pages.refill(read::add);
      }
    }
    assertThat(last).isEqualTo(266);
    assertThat(queue.reads).as("there may be no more").hasSize(2);
    pages.refill(read::add);
    assertThat(queue.reads).hasSize(3);
  }

  @Test
  void aReadTakesMemoryAndIsSmallWhenOthersHaveIt() {
    pages.append(outgoing(1), false);
    pages.refill(read::add);
    int reserved = queue.bytes.get(0);
    assertThat(memory.usedBytes()).isBetween(reserved - (2L << 10), (long) reserved);
    queue.reading.completeExceptionally(new IllegalStateException("not now"));
    read.remove(0).take(outgoing -> true);
    assertThat(memory.usedBytes()).isZero();
    memory.take(memory.limitBytes() - (20 << 10));
    pages.refill(read::add);
    assertThat(queue.bytes.get(1)).isEqualTo(16 << 10);
    page(1, 1);
    memory.release(memory.limitBytes() - (20 << 10));
    backlog.end();
    assertThat(memory.usedBytes()).isZero();
  }

  @Test
  void anEntryForWhichThereIsNoMemoryIsReadAgainWhenThereIs() {
    pages.append(outgoing(1), false);
    memory.take(memory.limitBytes());
    pages.refill(read::add);
    assertThat(queue.bytes.get(0)).as("what every session may have").isEqualTo(2 << 10);
    Outgoing large =
        new Outgoing(1, house.message("a", "x".repeat(5_000), QOS1), QOS1, false, List.of());
    queue.reading.complete(List.of(stored(large)));
    Pages.Page page = read.remove(0);
    page.take(outgoing -> true);
    assertThat(backlog.peek()).isNull();
    assertThat(page.last()).as("it does not read it again at once").isTrue();
    pages.refill(read::add);
    assertThat(queue.reads).containsExactly(1L);

    memory.release(memory.limitBytes());
    pages.retry();
    pages.refill(read::add);
    assertThat(queue.reads).containsExactly(1L, 1L);
    queue.reading.complete(List.of(stored(large)));
    read.remove(0).take(outgoing -> true);
    assertThat(backlog.peek()).isNotNull();
  }

  @Test
  void whatCommitsBetweenAnEmptyReadAndItsArrivalIsReadAgain() {
    Outgoing first = outgoing(1);
    pages.append(first, false);
    pages.refill(read::add);
    queue.reading.complete(List.of()); // looked before the commit
    pages.committed(first, true);
    Pages.Page page = read.remove(0);
    page.take(outgoing -> true);
    assertThat(page.last()).as("nothing more to come").isFalse();

    Outgoing second = outgoing(2);
    pages.append(second, true);
    assertThat(backlog.peek()).as("the second overtakes nobody").isNull();
    pages.refill(read::add);
    assertThat(queue.reads).containsExactly(1L, 1L);
    queue.reading.complete(List.of(stored(first)));
    read.remove(0).take(outgoing -> true);
    assertThat(backlog.peek()).extracting(outgoing -> outgoing.number).isEqualTo(1L);
  }

  @Test
  void anEmptyReadWithNothingUnderWayEndsTheReading() {
    Outgoing first = outgoing(1);
    pages.append(first, false);
    pages.committed(first, true);
    pages.refill(read::add);
    queue.reading.complete(List.of(stored(first)));
    read.remove(0).take(outgoing -> true);
    backlog.poll();
    pages.refill(read::add);
    queue.reading.complete(List.of());
    read.remove(0).take(outgoing -> true);
    pages.refill(read::add);
    assertThat(queue.reads).containsExactly(1L, 2L);

    pages.append(outgoing(2), true);
    assertThat(backlog.peek()).extracting(outgoing -> outgoing.number).isEqualTo(2L);
  }
}
