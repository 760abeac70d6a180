package dev.gatehouse.http;

import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.http.ApiModule;
import dev.gatehouse.api.http.ApiResponse;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The modules that are there, and the calls that are under way in each. */
final class Modules {
  private static final Logger LOG = LoggerFactory.getLogger(Modules.class);
  private static final long DRAIN_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final IdentityHashMap<ApiModule, int[]> underWay =
      new IdentityHashMap<>(); // guarded by this
  private final List<ApiModule> modules = new ArrayList<>(); // guarded by this
  private volatile Router router = new Router(List.of());

  private volatile Services services = Services.NONE;

  /** The services of all modules that are or were there. */
  Services services() {
    return services;
  }

  Router router() {
    return router;
  }

  synchronized void add(ApiModule module) {
    services = services.with(module);
    modules.add(module);
    underWay.put(module, new int[1]);
    router = new Router(modules);
  }

  /** Lets no new call in, and waits for those under way. */
  synchronized void remove(ApiModule module) {
    modules.remove(module);
    router = new Router(modules);
    int[] calls = underWay.get(module);
    long deadline = System.nanoTime() + DRAIN_NANOS;
    boolean interrupted = false;
    while (calls != null && calls[0] > 0 && System.nanoTime() < deadline) {
      try {
        wait(100);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (calls != null && calls[0] > 0) {
      LOG.warn("event=calls-not-drained module={} calls={}", module.name(), calls[0]);
    }
    underWay.remove(module);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Makes a call count as under way in its module until its stage completes. */
  CompletionStage<ApiResponse> during(
      ApiModule module, Supplier<CompletionStage<ApiResponse>> call) {
    synchronized (this) {
      int[] calls = underWay.get(module);
      if (calls == null || !modules.contains(module)) {
        throw new ServiceException(
            ErrorCode.SERVICE_UNAVAILABLE, module.name() + " is being stopped; try again");
      }
      calls[0]++;
    }
    boolean started = false;
    try {
      CompletionStage<ApiResponse> stage = call.get();
      started = true;
      // On the stage itself: a dependent one that times out would never tell of its end.
      stage.whenComplete((response, failure) -> ended(module));
      return stage;
    } finally {
      if (!started) {
        ended(module);
      }
    }
  }

  private synchronized void ended(ApiModule module) {
    int[] calls = underWay.get(module);
    if (calls != null) {
      calls[0]--;
    }
    notifyAll();
  }
}
