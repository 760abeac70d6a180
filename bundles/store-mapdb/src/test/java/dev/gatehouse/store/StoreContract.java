package dev.gatehouse.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.api.store.Batch;
import dev.gatehouse.api.store.Queue;
import dev.gatehouse.api.store.Store;
import dev.gatehouse.api.store.StoreConflictException;
import dev.gatehouse.api.store.Table;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every store does. */
abstract class StoreContract {
  abstract Store store();

  private static byte[] b(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  private void commit(Batch batch) {
    store().commit(batch).toCompletableFuture().join();
  }

  @Test
  void aCommittedBatchIsThereInAllItsTables() {
    commit(new Batch().put("a", b(1), b(2)).put("b", b(3), b(4)));
    assertThat(store().table("a").get(b(1))).contains(b(2));
    assertThat(store().table("b").get(b(3))).contains(b(4));
    assertThat(store().table("a").size()).isEqualTo(1);
  }

  @Test
  void keysSortAsUnsignedBytesInBothOrders() {
    commit(new Batch().put("t", b(0x80), b(1)).put("t", b(0x7f), b(2)).put("t", b(1, 0), b(3)));
    assertThat(keys(null, null, 10, Table.Order.ASCENDING))
        .containsExactly(b(1, 0), b(0x7f), b(0x80));
    assertThat(keys(null, null, 2, Table.Order.DESCENDING)).containsExactly(b(0x80), b(0x7f));
    assertThat(keys(b(2), b(0x80), 10, Table.Order.ASCENDING)).containsExactly(b(0x7f));
    assertThat(keys(b(2), b(0x80), 10, Table.Order.DESCENDING)).containsExactly(b(0x7f));
  }

  private List<byte[]> keys(byte[] from, byte[] to, int limit, Table.Order order) {
    return store().table("t").range(from, to, limit, order).stream().map(Table.Row::key).toList();
  }

  @Test
  void aRangeStaysInItsTable() {
    commit(new Batch().put("t", b(1), b(1)).put("u", b(2), b(2)));
    assertThat(keys(null, null, 10, Table.Order.ASCENDING)).containsExactly(b(1));
  }

  @Test
  void anUnmetExpectationLeavesTheWholeBatchUndone() {
    commit(new Batch().put("t", b(1), b(1)));
    assertThatThrownBy(() -> commit(new Batch().put("t", b(2), b(2)).expectAbsent("t", b(1))))
        .hasCauseInstanceOf(StoreConflictException.class);
    assertThatThrownBy(() -> commit(new Batch().expect("t", b(1), b(9)).delete("t", b(1))))
        .hasCauseInstanceOf(StoreConflictException.class);
    assertThat(keys(null, null, 10, Table.Order.ASCENDING)).containsExactly(b(1));
    commit(new Batch().expect("t", b(1), b(1)).put("t", b(1), b(5)));
    assertThat(store().table("t").get(b(1))).contains(b(5));
  }

  @Test
  void ofManyThatExpectAbsenceOneWins() {
    List<CompletableFuture<Void>> stages =
        IntStream.range(0, 50)
            .mapToObj(i -> new Batch().expectAbsent("t", b(1)).put("t", b(1), b(i)))
            .map(batch -> store().commit(batch).toCompletableFuture())
            .toList();
    stages.forEach(stage -> stage.exceptionally(failure -> null).join());
    assertThat(stages.stream().filter(stage -> !stage.isCompletedExceptionally())).hasSize(1);
  }

  @Test
  void aQueueGivesItsEntriesInOrderUntilTheyAreTrimmed() {
    for (int i = 0; i < 10; i++) {
      commit(new Batch().append("q", i * 2, b(i), b(i, i)));
    }
    Queue queue = store().queue("q");
    assertThat(queue.size()).isEqualTo(10);
    assertThat(queue.bytes()).isEqualTo(30);
    assertThat(numbers(queue, 3, 3)).containsExactly(4L, 6L, 8L);
    commit(new Batch().trim("q", 15));
    assertThat(numbers(queue, 0, 10)).containsExactly(16L, 18L);
    assertThat(queue.bytes()).isEqualTo(6);
    commit(new Batch().trim("q", 18));
    assertThat(queue.size()).isZero();
    assertThat(queue.last()).isEqualTo(18);
    commit(new Batch().drop("q").append("q", 0, b(), b(7)));
    assertThat(numbers(queue, 0, 10)).containsExactly(0L);
  }

  private static List<Long> numbers(Queue queue, long from, int max) {
    return queue.read(from, max, 1 << 20).toCompletableFuture().join().stream()
        .map(Queue.Entry::number)
        .toList();
  }

  @Test
  void aValueAppendedToSeveralQueuesHasEachQueuesHeader() {
    commit(
        new Batch()
            .append(
                List.of(new Batch.Target("p", 1, b(1)), new Batch.Target("q", 5, b(2))), b(9, 9)));
    Queue.Entry p = store().queue("p").read(0, 1, 1).toCompletableFuture().join().get(0);
    Queue.Entry q = store().queue("q").read(0, 1, 1).toCompletableFuture().join().get(0);
    assertThat(p.header()).isEqualTo(b(1));
    assertThat(q.header()).isEqualTo(b(2));
    assertThat(p.value()).isEqualTo(q.value()).isEqualTo(b(9, 9));
  }
}
