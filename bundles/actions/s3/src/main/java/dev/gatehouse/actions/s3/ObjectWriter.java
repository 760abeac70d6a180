package dev.gatehouse.actions.s3;

import dev.gatehouse.api.message.Payload;
import dev.gatehouse.api.rules.action.ActionFailure;
import dev.gatehouse.camel.LazyContext;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.jspecify.annotations.Nullable;

/** Sends objects through the route on one thread, so that objects of one key keep their order. */
final class ObjectWriter implements AutoCloseable {
  private static final long IDLE_SECONDS = 60;
  private static final long STOP_SECONDS = 5;

  /** What may wait; the rules engine keeps more than that on the disk. */
  private static final long MAX_WAITING_BYTES = 4 << 20;

  private final LazyContext camel;
  private final ThreadPoolExecutor executor;
  private final AtomicLong waitingBytes = new AtomicLong();
  private final AtomicLong written = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();

  ObjectWriter(ObjectFiles files, int queue) {
    camel = new LazyContext("gatehouse-actions-s3", new PutRoute(files), Map.of());
    executor =
        new ThreadPoolExecutor(
            1,
            1,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(queue),
            task -> new Thread(task, "gatehouse-actions-s3-writer"));
    executor.allowCoreThreadTimeOut(true);
  }

  /** Completes when the object is durable, exceptionally with {@link ActionFailure}. */
  CompletionStage<Void> put(String bucket, String key, Payload payload) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    if (waitingBytes.addAndGet(payload.length()) > MAX_WAITING_BYTES + payload.length()) {
      return refused(bucket, "the objects that wait take too much memory", payload, done, null);
    }
    try {
      executor.execute(() -> run(bucket, key, payload, done));
    } catch (RejectedExecutionException e) {
      String reason = executor.isShutdown() ? "the action is stopping" : "the queue is full";
      return refused(bucket, reason, payload, done, e);
    }
    return done;
  }

  private CompletionStage<Void> refused(
      String bucket,
      String reason,
      Payload payload,
      CompletableFuture<Void> done,
      @Nullable Exception cause) {
    waitingBytes.addAndGet(-payload.length());
    failed.incrementAndGet();
    done.completeExceptionally(new ActionFailure(bucket, reason, true, cause));
    return done;
  }

  private void run(String bucket, String key, Payload payload, CompletableFuture<Void> done) {
    @Nullable Exception problem;
    try {
      problem = send(bucket, key, payload);
    } catch (RuntimeException e) {
      problem = e;
    } finally {
      waitingBytes.addAndGet(-payload.length());
    }
    if (problem == null) {
      written.incrementAndGet();
      done.complete(null);
      return;
    }
    failed.incrementAndGet();
    boolean retryable = !(problem instanceof IllegalArgumentException);
    String message = retryable ? "not written: " + problem : String.valueOf(problem.getMessage());
    done.completeExceptionally(new ActionFailure(bucket, message, retryable, problem));
  }

  private @Nullable Exception send(String bucket, String key, Payload payload) {
    ProducerTemplate producer = camel.producer();
    Map<String, Object> headers = Map.of(PutRoute.BUCKET, bucket, PutRoute.KEY, key);
    Exchange exchange =
        producer.request(
            PutRoute.ENTRY,
            request -> {
              request.getMessage().setBody(payload.bytes());
              request.getMessage().setHeaders(new HashMap<>(headers));
            });
    return exchange.getException();
  }

  /** Whether Camel runs. */
  boolean started() {
    return camel.started();
  }

  long written() {
    return written.get();
  }

  long failed() {
    return failed.get();
  }

  int waiting() {
    return executor.getQueue().size();
  }

  /** Writes what waits, for 5 s at most. */
  @Override
  public void close() throws InterruptedException {
    executor.shutdown();
    boolean ended = executor.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS);
    if (!ended) {
      executor.shutdownNow();
    }
    camel.close();
  }
}
