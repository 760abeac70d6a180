package dev.gatehouse.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bounds of a gateway that nobody uses, and the share of each feature in them. */
class FootprintIT {
  private static final long ARCHIVE_BYTES = 60_000_000;

  /**
   * A quiet machine needs at most 150 MB. On a busy one the start takes longer, the compilers see
   * more calls and leave some megabytes more.
   */
  private static final long RESIDENT_KILOBYTES = 160 * 1024;

  private static final Pattern RESIDENT = Pattern.compile("(?m)^VmRSS:\\s+(\\d+) kB");
  private static final Path TABLE = Path.of("target/footprint.md");

  @TempDir static Path directory;
  private static Gateway gateway;

  @BeforeAll
  static void up() {
    gateway = new Gateway(directory.resolve("home")).up();
    gateway.launcher("down").ok();
    gateway.up();
  }

  @AfterAll
  static void down() {
    gateway.close();
  }

  @Test
  void theArchiveIsSmall() throws IOException {
    assertThat(Files.size(Path.of(System.getProperty("gatehouse.archive"))))
        .isLessThanOrEqualTo(ARCHIVE_BYTES);
  }

  /** Memory is looked at first, and at a second start: the first one makes keys. */
  @Test
  void atRestItNeedsLittleMemoryAndWritesNothing() throws IOException {
    Path process = Path.of("/proc/" + gateway.pid());
    await()
        .pollInterval(Duration.ofSeconds(5))
        .atMost(Duration.ofSeconds(120))
        .untilAsserted(
            () -> assertThat(residentKilobytes(process)).isLessThanOrEqualTo(RESIDENT_KILOBYTES));
    long resident = residentKilobytes(process);
    AtomicReference<String> before = new AtomicReference<>("");
    await()
        .pollInterval(Duration.ofSeconds(10))
        .atMost(Duration.ofSeconds(90))
        .until(
            () -> {
              String written =
                  Files.readString(process.resolve("io"))
                      .replaceAll("(?s).*(\\nwrite_bytes: \\d+)\\n.*", "$1");
              return written.equals(before.getAndSet(written));
            });
    Files.writeString(TABLE, table(resident));
  }

  private static long residentKilobytes(Path process) throws IOException {
    Matcher resident = RESIDENT.matcher(Files.readString(process.resolve("status")));
    assertThat(resident.find()).isTrue();
    return Long.parseLong(resident.group(1));
  }

  private static String table(long residentKilobytes) throws IOException {
    String metaspace =
        gateway
            .run(
                List.of(
                    System.getProperty("java.home") + "/bin/jcmd",
                    Long.toString(gateway.pid()),
                    "VM.metaspace",
                    "show-loaders",
                    "show-classes"),
                Map.of())
            .ok();
    List<Footprint.Row> rows =
        new Footprint(Path.of(System.getProperty("gatehouse.distribution"))).rows(metaspace);
    assertThat(rows)
        .filteredOn(row -> row.feature().equals("gatehouse-store"))
        .allSatisfy(
            row -> {
              assertThat(row.diskBytes()).isPositive();
              assertThat(row.codeBytes()).isPositive();
            })
        .hasSize(1);
    return "archive %.1f MB (at most 60), memory at rest %.1f MB (at most 150)\n\n%s"
        .formatted(
            Files.size(Path.of(System.getProperty("gatehouse.archive"))) / 1e6,
            residentKilobytes / 1024.0,
            Footprint.table(rows));
  }
}
