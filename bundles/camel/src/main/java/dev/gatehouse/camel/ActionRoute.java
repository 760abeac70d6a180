package dev.gatehouse.camel;

import dev.gatehouse.api.rules.action.ActionFailure;
import dev.gatehouse.api.telemetry.Metric;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.camel.AsyncProducer;
import org.apache.camel.CamelContext;
import org.apache.camel.Component;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.RoutesBuilder;
import org.jspecify.annotations.Nullable;

/**
 * The Camel route of an action type, which the actions of all rules send through. The rules engine
 * owns retries, order and bounds, so there is no queue and no thread here: a synchronous route runs
 * on the engine's thread and is interrupted at the time-out, an asynchronous one frees that thread.
 * Safe for concurrent use.
 */
public final class ActionRoute implements AutoCloseable {
  private final String name;
  private final String entry;
  private final LazyContext camel;
  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();
  private final AtomicLong underWay = new AtomicLong();
  private volatile @Nullable AsyncProducer producer;

  /**
   * Prepares, starts nothing.
   *
   * @param name of the action's type, for threads and metrics
   * @param entry URI of the endpoint that the route begins with, such as {@code direct:s3-put}
   * @param routes without error handlers: the engine repeats what fails and reports it
   * @param components by scheme; those of the {@code camel} bundle are found without being named
   */
  public ActionRoute(
      String name, String entry, RoutesBuilder routes, Map<String, Component> components) {
    this.name = name;
    this.entry = entry;
    this.camel = new LazyContext("gatehouse-actions-" + name, routes, components);
  }

  /**
   * Sends one message through the route.
   *
   * @return completes when the route has ended; exceptionally with {@link ActionFailure}: final for
   *     an {@link IllegalArgumentException} and for what nobody expects, retryable for what fails
   *     in input and output, by a time-out or an interrupt, and while the bundle stops
   */
  public CompletionStage<Void> send(byte[] body, Map<String, Object> headers) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    underWay.incrementAndGet();
    try {
      AsyncProducer to = producer();
      Exchange exchange = to.getEndpoint().createExchange(ExchangePattern.InOut);
      exchange.getMessage().setBody(body);
      exchange.getMessage().setHeaders(new java.util.HashMap<>(headers));
      to.process(exchange, synchronous -> ended(exchange.getException(), done));
    } catch (RuntimeException | LinkageError e) {
      ended(e, done);
    }
    return done;
  }

  private AsyncProducer producer() {
    AsyncProducer known = producer;
    if (known != null && camel.started()) {
      return known;
    }
    CamelContext context = camel.context();
    try {
      AsyncProducer made = context.getEndpoint(entry).createAsyncProducer();
      context.addService(made); // which starts it, and stops it with the context
      producer = made;
      return made;
    } catch (Exception e) {
      throw new IllegalStateException("the route " + entry + " cannot be entered", e);
    }
  }

  private void ended(@Nullable Throwable problem, CompletableFuture<Void> done) {
    underWay.decrementAndGet();
    if (problem == null) {
      sent.incrementAndGet();
      done.complete(null);
    } else {
      failed.incrementAndGet();
      done.completeExceptionally(failure(problem));
    }
  }

  /** A cause of a known kind decides, since Camel and its components wrap. */
  static ActionFailure failure(Throwable problem) {
    Throwable known = null;
    for (Throwable cause = problem; cause != null; cause = cause.getCause()) {
      if (cause instanceof ActionFailure failure) {
        return failure;
      }
      known = known == null && (unfit(cause) || passing(cause)) ? cause : known;
    }
    if (known == null) {
      return new ActionFailure("failed: " + problem, false, problem);
    }
    return unfit(known)
        ? new ActionFailure(String.valueOf(known.getMessage()), false, problem)
        : new ActionFailure("not done: " + known, true, problem);
  }

  private static boolean unfit(Throwable cause) {
    return cause instanceof IllegalArgumentException;
  }

  private static boolean passing(Throwable cause) {
    return cause instanceof IOException
        || cause instanceof UncheckedIOException
        || cause instanceof TimeoutException
        || cause instanceof InterruptedException
        || cause instanceof RejectedExecutionException
        || cause instanceof IllegalStateException
        || cause instanceof LinkageError;
  }

  /** Whether Camel runs. */
  public boolean started() {
    return camel.started();
  }

  /** {@code actions_NAME_sent_total}, {@code …_failures_total} and {@code …_under_way_count}. */
  public List<Metric> metrics() {
    return List.of(
        Metric.counter("actions_" + name + "_sent_total", sent.get()),
        Metric.counter("actions_" + name + "_failures_total", failed.get()),
        Metric.gauge("actions_" + name + "_under_way_count", underWay.get()));
  }

  /** Messages under way get 5 s to end. */
  @Override
  public void close() {
    camel.close();
  }
}
