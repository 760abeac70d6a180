package dev.gatehouse.drivers.line;

import dev.gatehouse.api.device.DeviceScheduler;
import dev.gatehouse.api.device.Line;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lines on a pool of threads. A line occupies a thread only while it has work, and one at most, so
 * the number of lines bounds the pool.
 */
@Component
public final class LineScheduler implements DeviceScheduler {
  private static final Logger LOG = LoggerFactory.getLogger(LineScheduler.class);
  private static final long IDLE_SECONDS = 10;
  private static final long STOP_SECONDS = 5;

  private final ScheduledThreadPoolExecutor timer;
  private final ExecutorService workers;
  private final Map<String, SharedLine> lines = new HashMap<>(); // guarded by this

  /** Starts no thread before there is work. */
  @Activate
  public LineScheduler() {
    timer = new ScheduledThreadPoolExecutor(1, task -> daemon(task, "gatehouse-drivers-timer"));
    timer.setRemoveOnCancelPolicy(true);
    AtomicInteger number = new AtomicInteger();
    workers =
        new ThreadPoolExecutor(
            0,
            Integer.MAX_VALUE,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            task -> daemon(task, "gatehouse-drivers-line-" + number.incrementAndGet()));
  }

  @Override
  public synchronized Line line(String lineId) {
    SharedLine shared =
        lines.computeIfAbsent(lineId, id -> new SharedLine(id, timer, workers, this::forget));
    return shared.open();
  }

  /** Ends all lines; a task that does not heed its interruption within 5 s is left behind. */
  @Deactivate
  void deactivate() throws InterruptedException {
    timer.shutdownNow();
    synchronized (this) {
      lines.values().forEach(SharedLine::stop);
    }
    workers.shutdownNow();
    if (!workers.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
      LOG.warn("event=line-not-stopped reason=\"a driver does not heed its interruption\"");
    }
  }

  /** The lines that have an open handle. */
  synchronized int openLines() {
    return lines.size();
  }

  /** Called while a handle of the line closes; another one may have been opened meanwhile. */
  private synchronized void forget(SharedLine line) {
    if (line.isUnused()) {
      lines.remove(line.id(), line);
    }
  }

  private static Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }
}
