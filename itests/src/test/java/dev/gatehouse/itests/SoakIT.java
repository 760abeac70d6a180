package dev.gatehouse.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What came and went leaves nothing behind in the process: objects, descriptors, threads, classes.
 * So many cycles as {@code -DsoakCycles} says.
 */
class SoakIT {
  private static final int CYCLES = Integer.getInteger("gatehouse.soakCycles", 60);
  private static final int BATCH = 200; // cycles of one run of the script
  private static final String CLASS_LOADER =
      "org.apache.felix.framework.BundleWiringImpl$BundleClassLoader";

  /**
   * What is bounded otherwise: TLS sessions to be resumed, texts of the console's last log lines.
   */
  private static final Pattern KEPT =
      Pattern.compile("sun\\.security\\..*|java\\.lang\\.String|\\[B");

  @TempDir Path directory;

  /**
   * What a process holds.
   *
   * @param objects reachable instances, by class, but for those kept
   */
  private record Held(Map<String, Long> objects, long descriptors, long threads) {
    /** Of the gateway's process, after a collection of garbage. */
    static Held of(Gateway gateway) throws IOException {
      String pid = Long.toString(gateway.pid());
      String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
      gateway.run(List.of(jcmd, pid, "GC.run"), Map.of()).ok(); // what is finalized goes next time
      String histogram = gateway.run(List.of(jcmd, pid, "GC.class_histogram"), Map.of()).ok();
      Map<String, Long> objects =
          rows(histogram)
              .filter(words -> !KEPT.matcher(words[3]).matches())
              .collect(
                  Collectors.toMap(
                      // lambdas and proxies are numbered anew with each of their classes
                      words -> words[3].replaceAll("0x[0-9a-f]+|\\d+", "N"),
                      words -> Long.parseLong(words[1]),
                      Long::sum,
                      TreeMap::new));
      Path process = Path.of("/proc", pid);
      // each entry of the JVM's cache of TLS sessions, which is bounded, is an entry of a map, too
      long sessions = count(histogram, "sun.security.util.MemoryCache$SoftCacheEntry");
      objects.computeIfPresent("java.util.LinkedHashMap$Entry", (name, all) -> all - sessions);
      return new Held(objects, entries(process.resolve("fd")), entries(process.resolve("task")));
    }

    /** Of each class: rank, instances, bytes, name. */
    private static Stream<String[]> rows(String histogram) {
      return histogram
          .lines()
          .map(line -> line.strip().split("\\s+"))
          .filter(words -> words.length >= 4 && words[0].matches("\\d+:"));
    }

    private static long count(String histogram, String className) {
      return rows(histogram)
          .filter(words -> words[3].equals(className))
          .mapToLong(words -> Long.parseLong(words[1]))
          .sum();
    }

    private static long entries(Path folder) throws IOException {
      try (Stream<Path> entries = Files.list(folder)) {
        return entries.count();
      }
    }

    /** Classes of which there are now more, by at least so many. */
    Map<String, Long> grownSince(Held before, long many) {
      Map<String, Long> grown = new TreeMap<>();
      objects.forEach(
          (name, now) -> {
            long more = now - before.objects.getOrDefault(name, 0L);
            if (more >= many) {
              grown.put(name, more);
            }
          });
      return grown;
    }
  }

  @Test
  void whatCameAndWentLeavesNothingBehind() throws Exception {
    try (Gateway gateway =
        new Gateway(directory.resolve("home")).throttle("throttleFactor", "0").up()) {
      Device device = new Device(gateway, directory.resolve("device"), Device.allow("iot:*"));
      run(gateway, device, 0, 20);
      Held before = Held.of(gateway);
      String complaints = gateway.complaints();
      run(gateway, device, 20, CYCLES);
      // what is kept for a while after its connection is let go of in the end
      await()
          .atMost(Duration.ofSeconds(90))
          .pollInterval(Duration.ofSeconds(5))
          .untilAsserted(
              () -> {
                device.publish("last", "mqttv5", "soak", "x").ok(); // caches let go when asked
                Held after = Held.of(gateway);
                assertThat(after.grownSince(before, Math.min(CYCLES * 3L / 4, 200))).isEmpty();
                assertThat(after.descriptors()).isLessThan(before.descriptors() + 10);
                assertThat(after.threads()).isLessThan(before.threads() + 10);
              });
      assertThat(complaints).as("all that is complained of").contains(gateway.complaints());
    }
  }

  @Test
  void updatedBundlesLeaveNoClassesBehind() throws Exception {
    int rounds = Math.max(3, CYCLES / 60);
    try (Gateway gateway =
        new Gateway(directory.resolve("home"))
            .throttle("throttleFactor", "0")
            .with("GATEHOUSE_JAVA_OPTS", "-XX:SoftRefLRUPolicyMSPerMB=0")
            .up()) {
      Device device = new Device(gateway, directory.resolve("device"), Device.allow("iot:*"));
      update(gateway, device, 0);
      long before = Held.of(gateway).objects().get(CLASS_LOADER);
      for (int round = 1; round <= rounds; round++) {
        update(gateway, device, round);
      }
      await()
          .atMost(Duration.ofSeconds(90))
          .pollInterval(Duration.ofSeconds(5))
          .untilAsserted(
              () ->
                  assertThat(Held.of(gateway).objects())
                      .as("%s rounds", rounds)
                      .containsEntry(CLASS_LOADER, before));
    }
  }

  /** Each bundle gets new classes, and is used. */
  private void update(Gateway gateway, Device device, int round) {
    for (String bundle :
        List.of(
            "actions.s3",
            "actions.republish",
            "rules",
            "shadow",
            "registry",
            "audit",
            "mqtt",
            "broker")) {
      gateway.shell("bundle:update dev.gatehouse." + bundle).ok();
    }
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> device.publish("p", "mqttv5", "soak", "is it there?").code() == 0);
    run(gateway, device, round, 1);
  }

  private void run(Gateway gateway, Device device, int first, int count) {
    for (int done = 0; done < count; done += BATCH) {
      gateway
          .run(
              device.script(
                  "/soak.py",
                  directory.toString(),
                  Integer.toString(first + done),
                  Integer.toString(Math.min(BATCH, count - done))),
              gateway.environment())
          .ok();
    }
  }
}
