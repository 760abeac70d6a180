package dev.gatehouse.mqtt;

import dev.gatehouse.api.telemetry.LogText;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps strangers from filling the log: so many lines a second, the rest is counted. */
final class LogLimit {
  private static final Logger LOG = LoggerFactory.getLogger("dev.gatehouse.mqtt.clients");
  private static final int LINES_A_SECOND = 20;

  private final AtomicLong second = new AtomicLong();
  private final AtomicInteger lines = new AtomicInteger();

  void info(String event, @Nullable Throwable cause) {
    if (room()) {
      LOG.info(
          "{} message=\"{}\"",
          LogText.printable(event),
          cause == null ? "" : LogText.printable(cause));
    }
  }

  /** For what must not happen: with its stack. */
  void error(String event, Throwable cause) {
    if (room()) {
      LOG.error(LogText.printable(event), cause);
    }
  }

  private boolean room() {
    long now = System.nanoTime() / 1_000_000_000L;
    long last = second.get();
    if (now != last && second.compareAndSet(last, now)) {
      int left = lines.getAndSet(0) - LINES_A_SECOND;
      if (left > 0) {
        LOG.info("event=log-lines-left-out count={}", left);
      }
    }
    return lines.incrementAndGet() <= LINES_A_SECOND;
  }
}
