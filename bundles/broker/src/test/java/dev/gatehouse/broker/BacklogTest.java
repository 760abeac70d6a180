package dev.gatehouse.broker;

import static dev.gatehouse.broker.House.QOS1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.api.store.Queue;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BacklogTest {
  private final House house = new House();
  private final SlowQueue queue = new SlowQueue();
  private final List<Backlog.Page> pages = new ArrayList<>();
  private final Backlog backlog =
      new Backlog(queue, House::small, new Counters(), 0, outgoing -> true);

  @AfterEach
  void stop() {
    house.close();
  }

  /** A queue whose reads end when the test says so. */
  private static final class SlowQueue implements Queue {
    final List<Long> reads = new ArrayList<>();
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

  @Test
  void whatCommitsBetweenAnEmptyReadAndItsArrivalIsReadAgain() {
    Outgoing first = outgoing(1);
    backlog.append(first, false);
    backlog.refill(pages::add);
    queue.reading.complete(List.of()); // looked before the commit
    backlog.committed(first, true);
    Backlog.Page page = pages.remove(0);
    page.take();
    assertThat(page.last()).as("nothing more to come").isFalse();

    Outgoing second = outgoing(2);
    backlog.append(second, true);
    assertThat(backlog.peek()).as("the second overtakes nobody").isNull();
    backlog.refill(pages::add);
    assertThat(queue.reads).containsExactly(1L, 1L);
    queue.reading.complete(List.of(stored(first)));
    pages.remove(0).take();
    assertThat(backlog.peek()).extracting(outgoing -> outgoing.number).isEqualTo(1L);
  }

  @Test
  void anEmptyReadWithNothingUnderWayEndsTheReading() {
    Outgoing first = outgoing(1);
    backlog.append(first, false);
    backlog.committed(first, true);
    backlog.refill(pages::add);
    queue.reading.complete(List.of(stored(first)));
    pages.remove(0).take();
    backlog.poll();
    backlog.refill(pages::add);
    queue.reading.complete(List.of());
    pages.remove(0).take();
    backlog.refill(pages::add);
    assertThat(queue.reads).containsExactly(1L, 2L);

    backlog.append(outgoing(2), true);
    assertThat(backlog.peek()).extracting(outgoing -> outgoing.number).isEqualTo(2L);
  }
}
