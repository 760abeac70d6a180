package dev.gatehouse.memory;

import dev.gatehouse.api.memory.MemoryBudget;
import dev.gatehouse.api.memory.MemoryShare;
import dev.gatehouse.api.telemetry.HealthCheck;
import dev.gatehouse.api.telemetry.Metric;
import dev.gatehouse.api.telemetry.MetricSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Collectors;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * Half of the heap that the gateway's own code and state leave. The other half is room for garbage,
 * so that the collector keeps up while all shares are full.
 */
@Component(service = {MemoryBudget.class, MetricSource.class, HealthCheck.class})
public final class HeapBudget implements MemoryBudget, MetricSource, HealthCheck {
  private static final long MEBIBYTE = 1 << 20;

  /** What the gateway itself keeps on the heap: classes' constants, bundles, settings. */
  private static final long OWN_BYTES = 32 * MEBIBYTE;

  private static final long LEAST_BYTES = 8 * MEBIBYTE;

  private final long totalBytes;
  private final Map<String, HeapShare> shares = new ConcurrentSkipListMap<>();

  /** For the heap of this JVM. */
  @Activate
  public HeapBudget() {
    this(Runtime.getRuntime().maxMemory());
  }

  HeapBudget(long heapBytes) {
    totalBytes = Math.max(LEAST_BYTES, (heapBytes - OWN_BYTES) / 2);
  }

  @Override
  public long totalBytes() {
    return totalBytes;
  }

  @Override
  public synchronized MemoryShare open(String name, int percent) {
    if (percent < 1 || percent > 100) {
      throw new IllegalArgumentException(
          "the memory share %s has %d percent; it must be from 1 to 100".formatted(name, percent));
    }
    if (shares.containsKey(name)) {
      throw new IllegalStateException("the memory share %s is already open".formatted(name));
    }
    int promised = shares.values().stream().mapToInt(share -> share.percent).sum();
    if (promised + percent > 100) {
      throw new IllegalStateException(
          "the memory share %s asks for %d percent, but %d of 100 are taken by %s"
              .formatted(name, percent, promised, shares.keySet()));
    }
    HeapShare share = new HeapShare(percent, totalBytes * percent / 100, () -> shares.remove(name));
    shares.put(name, share);
    return share;
  }

  @Override
  public List<Metric> metrics() {
    List<Metric> metrics = new ArrayList<>();
    shares.forEach(
        (name, share) -> {
          Map<String, String> labels = Map.of("share", name);
          metrics.add(
              new Metric("memory_share_bytes", Metric.Kind.GAUGE, share.usedBytes(), labels));
          metrics.add(
              new Metric(
                  "memory_share_limit_bytes", Metric.Kind.GAUGE, share.limitBytes(), labels));
          metrics.add(
              new Metric(
                  "memory_share_refusals_total", Metric.Kind.COUNTER, share.refusals(), labels));
        });
    return metrics;
  }

  @Override
  public Health health() {
    String full =
        shares.entrySet().stream()
            .filter(entry -> entry.getValue().isNearlyFull())
            .map(
                entry ->
                    "%s uses %d of %d bytes"
                        .formatted(
                            entry.getKey(),
                            entry.getValue().usedBytes(),
                            entry.getValue().limitBytes()))
            .collect(Collectors.joining(", "));
    return full.isEmpty()
        ? new Health("memory", State.UP, "")
        : new Health(
            "memory",
            State.DEGRADED,
            "a memory share is nearly full, requests that need it are refused: %s; a larger -Xmx in"
                    .formatted(full)
                + " GATEHOUSE_JAVA_OPTS makes all shares larger");
  }
}
