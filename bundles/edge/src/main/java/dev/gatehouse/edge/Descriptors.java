package dev.gatehouse.edge;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The process's file descriptors, shared out so that devices cannot take those that the store's
 * files and whoever administers the gateway need.
 */
public final class Descriptors {
  private static final Logger LOG = LoggerFactory.getLogger(Descriptors.class);
  private static final Path LIMITS = Path.of("/proc/self/limits");
  private static final int FILES = 200; // jars, the store, logs, the console, event loops
  private static final int LEAST = 16;
  private static final Descriptors PROCESS = new Descriptors(limit(LIMITS));

  private final long limit;

  /** So many. */
  public Descriptors(long limit) {
    this.limit = limit;
  }

  /** Those of this process; without a bound where the system does not tell. */
  public static Descriptors ofProcess() {
    return PROCESS;
  }

  static long limit(Path limits) {
    try {
      List<String> lines = Files.readAllLines(limits);
      return lines.stream()
          .filter(line -> line.startsWith("Max open files"))
          .map(line -> line.split("\\s+")[3])
          .mapToLong(soft -> soft.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(soft))
          .findFirst()
          .orElse(Long.MAX_VALUE);
    } catch (IOException | RuntimeException e) {
      LOG.info("event=descriptors-unknown reason=\"{}\"", e.toString());
      return Long.MAX_VALUE;
    }
  }

  /** How many of {@code wanted} connections of devices there may be. */
  public int devices(int wanted) {
    return share("devices", wanted, 7);
  }

  /** How many of {@code wanted} connections of HTTP there may be. */
  public int calls(int wanted) {
    return share("calls", wanted, 1);
  }

  private int share(String whose, int wanted, int eighths) {
    long share = Math.max(LEAST, (limit - FILES) / 8 * eighths);
    if (share >= wanted) {
      return wanted;
    }
    LOG.warn(
        "event=few-descriptors limit={} connections-of={} wanted={} allowed={}; raise ulimit -n",
        limit,
        whose,
        wanted,
        share);
    return (int) share;
  }
}
