package dev.gatehouse.camel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.api.rules.action.ActionFailure;
import dev.gatehouse.api.telemetry.Metric;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class ActionRouteTest {

  private static ActionRoute route(Processor processor) {
    RouteBuilder routes =
        new RouteBuilder() {
          @Override
          public void configure() {
            errorHandler(noErrorHandler());
            from("direct:test").process(processor);
          }
        };
    return new ActionRoute("test", "direct:test", routes, Map.of());
  }

  private static CompletableFuture<Void> send(ActionRoute route, String body) {
    return route.send(body.getBytes(), Map.of("to", "here")).toCompletableFuture();
  }

  @Test
  void aMessageGoesThroughTheRouteOnTheCallersThread() {
    CompletableFuture<String> seen = new CompletableFuture<>();
    Processor processor =
        exchange ->
            seen.complete(
                exchange.getMessage().getHeader("to")
                    + "="
                    + exchange.getMessage().getBody(String.class)
                    + " on "
                    + Thread.currentThread().getName());
    try (ActionRoute route = route(processor)) {
      assertThat(route.started()).isFalse();
      assertThat(send(route, "x")).isCompleted();
      assertThat(seen).isCompletedWithValue("here=x on " + Thread.currentThread().getName());
      assertThat(route.started()).isTrue();
      assertThat(route.metrics())
          .contains(Metric.counter("actions_test_sent_total", 1))
          .contains(Metric.counter("actions_test_failures_total", 0))
          .contains(Metric.gauge("actions_test_under_way_count", 0));
    }
  }

  @Test
  void anAsynchronousRouteFreesTheThreadAndCountsWhatIsUnderWay() {
    CompletableFuture<Void> go = new CompletableFuture<>();
    RouteBuilder routes =
        new RouteBuilder() {
          @Override
          public void configure() {
            errorHandler(noErrorHandler());
            from("direct:test").threads(1).process(exchange -> go.get(5, TimeUnit.SECONDS));
          }
        };
    try (ActionRoute route = new ActionRoute("test", "direct:test", routes, Map.of())) {
      CompletableFuture<Void> sent = send(route, "x");
      assertThat(sent).isNotDone();
      assertThat(route.metrics()).contains(Metric.gauge("actions_test_under_way_count", 1));
      go.complete(null);
      assertThat(sent).succeedsWithin(java.time.Duration.ofSeconds(5));
    }
  }

  static Stream<Arguments> problems() {
    return Stream.of(
        Arguments.of(new IllegalArgumentException("unfit"), false, "unfit"),
        Arguments.of(
            new RuntimeCamelException(new IllegalArgumentException("deep")), false, "deep"),
        Arguments.of(new IOException("disk"), true, "disk"),
        Arguments.of(new RuntimeCamelException("sent", new IOException("net")), true, "net"),
        Arguments.of(new IOException("cut", new ActionFailure("long", false, null)), false, "long"),
        Arguments.of(new TimeoutException("late"), true, "late"),
        Arguments.of(new NullPointerException("bug"), false, "bug"),
        Arguments.of(new ActionFailure("own", true, null), true, "own"),
        Arguments.of(new ActionFailure("own", false, null), false, "own"));
  }

  @ParameterizedTest
  @MethodSource("problems")
  void aFailureOfTheRouteIsFinalOrMayPass(Exception problem, boolean retryable, String text) {
    try (ActionRoute route =
        route(
            exchange -> {
              throw problem;
            })) {
      ActionFailure failure = failure(send(route, "x"));
      assertThat(failure.retryable()).isEqualTo(retryable);
      assertThat(failure).hasMessageContaining(text);
      assertThat(route.metrics()).contains(Metric.counter("actions_test_failures_total", 1));
    }
  }

  @Test
  void aThreadThatWaitsInTheRouteIsInterrupted() throws Exception {
    CountDownLatch inside = new CountDownLatch(1);
    Processor waits =
        exchange -> {
          inside.countDown();
          new CountDownLatch(1).await();
        };
    try (ActionRoute route = route(waits)) {
      CompletableFuture<ActionFailure> ended = new CompletableFuture<>();
      Thread engine = new Thread(() -> ended.complete(failure(send(route, "x"))));
      engine.start();
      assertThat(inside.await(5, TimeUnit.SECONDS)).isTrue();
      engine.interrupt();
      assertThat(ended.get(5, TimeUnit.SECONDS).retryable()).isTrue();
    }
  }

  @Test
  void aClosedRouteFailsButMayBeTriedAgain() {
    ActionRoute route = route(Exchange::getMessage);
    assertThat(send(route, "x")).isCompleted();
    route.close();
    ActionFailure failure = failure(send(route, "x"));
    assertThat(failure.retryable()).isTrue();
    assertThat(failure).hasMessageContaining("closed");
  }

  private static ActionFailure failure(CompletableFuture<Void> sent) {
    try {
      sent.join();
    } catch (CompletionException e) {
      return (ActionFailure) e.getCause();
    }
    throw new AssertionError("it did not fail");
  }
}
