package dev.gatehouse.shadow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

final class KeyedOrderTest {
  private final KeyedOrder<String> order = new KeyedOrder<>();

  @Test
  void aTaskBeginsWhenTheOneBeforeItIsDone() {
    List<Integer> begun = new ArrayList<>();
    CompletableFuture<Integer> first = new CompletableFuture<>();
    order.run("a", () -> begin(begun, 1, first));
    CompletionStage<Integer> second =
        order.run("a", () -> begin(begun, 2, CompletableFuture.completedFuture(2)));
    order.run("b", () -> begin(begun, 3, CompletableFuture.completedFuture(3)));
    assertThat(begun).containsExactly(1, 3);
    first.complete(1);
    assertThat(begun).containsExactly(1, 3, 2);
    assertThat(second.toCompletableFuture()).isCompletedWithValue(2);
    assertThat(order.size()).isZero();
  }

  private static CompletionStage<Integer> begin(
      List<Integer> begun, int number, CompletionStage<Integer> stage) {
    begun.add(number);
    return stage;
  }

  @Test
  void aTaskThatThrowsOrFailsDoesNotStopTheNext() {
    CompletionStage<Integer> thrown =
        order.run(
            "a",
            () -> {
              throw new IllegalStateException("broken");
            });
    CompletionStage<Integer> failed =
        order.run("a", () -> CompletableFuture.failedFuture(new IllegalStateException("broken")));
    CompletionStage<Integer> next = order.run("a", () -> CompletableFuture.completedFuture(1));
    assertThat(thrown.toCompletableFuture()).isCompletedExceptionally();
    assertThat(failed.toCompletableFuture()).isCompletedExceptionally();
    assertThat(next.toCompletableFuture()).isCompletedWithValue(1);
  }

  @Test
  void aLongRowBehindOneTaskIsWorkedThroughWithoutADeepStack() {
    CompletableFuture<Integer> first = new CompletableFuture<>();
    List<CompletableFuture<Integer>> row = new ArrayList<>();
    order.run("a", () -> first);
    for (int i = 0; i < 50_000; i++) {
      int number = i;
      row.add(
          order.run("a", () -> CompletableFuture.completedFuture(number)).toCompletableFuture());
    }
    first.complete(0);
    assertThat(row).allMatch(CompletableFuture::isDone);
    assertThat(row.get(49_999)).isCompletedWithValue(49_999);
    assertThat(order.size()).isZero();
  }
}
