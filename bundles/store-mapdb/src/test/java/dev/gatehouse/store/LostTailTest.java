package dev.gatehouse.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.api.store.Batch;
import dev.gatehouse.api.store.StoreStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process was killed, then the newest files lost what had been acknowledged. */
class LostTailTest {
  private static final int BATCHES = 300;

  /** Set {@code -Dgatehouse.tailStep=1} to try every length. */
  private static final int STEP = Integer.getInteger("gatehouse.tailStep", 293);

  @TempDir Path scratch;
  private final SimulatedDisk disk = new SimulatedDisk();
  private SimulatedDisk early = new SimulatedDisk();
  private SimulatedDisk killed = new SimulatedDisk();

  @BeforeEach
  void killAStore() throws IOException {
    try (Engine engine = open(disk)) {
      for (int i = 0; i < BATCHES; i++) {
        put(engine, i, 20);
        if (i == 9) {
          early = disk.copy();
        }
      }
      killed = disk.copy();
    }
  }

  private Engine open(SimulatedDisk files) throws IOException {
    return new Engine(
        files,
        new StoreSettings(scratch, 16 << 20, 32 << 20, Duration.ofHours(1), 64 << 20, 64 << 10));
  }

  private static void put(Engine engine, int number, int bytes) {
    byte[] value = new byte[bytes];
    Arrays.fill(value, (byte) 0x55);
    engine
        .commit(new Batch().put("t", Trace.bytes("k" + number), value))
        .toCompletableFuture()
        .join();
  }

  private static String newest(SimulatedDisk files) {
    return files.list().stream()
        .filter(name -> name.startsWith("segment"))
        .reduce((a, b) -> b)
        .orElseThrow();
  }

  /** Where the frames of the newest segment end; zeros follow. */
  private static int end(byte[] content) {
    int end = content.length;
    while (content[end - 1] == 0) {
      end--;
    }
    return end;
  }

  private void assertDamageIsTold(SimulatedDisk files, String context) throws IOException {
    String segment = newest(files);
    try (Engine engine = open(files)) {
      StoreStatus status = engine.status();
      assertThat(status.damage())
          .as(context)
          .anyMatch(line -> line.contains(segment) && line.contains("offset"));
    }
  }

  @Test
  void whatWasSyncedIsThereAfterAKill() throws IOException {
    try (Engine engine = open(killed)) {
      assertThat(engine.table("t").size()).isEqualTo(BATCHES);
      assertThat(engine.status().damage()).isEmpty();
    }
  }

  @Test
  void aTailZeroedOrCutAtAnyPlaceIsToldWithFileAndOffset() throws IOException {
    String segment = newest(killed);
    byte[] whole = killed.content(segment);
    int end = end(whole);
    for (int at = 0; at < end; at += STEP) {
      SimulatedDisk zeroed = killed.copy();
      byte[] content = whole.clone();
      Arrays.fill(content, at, content.length, (byte) 0);
      zeroed.place(segment, content);
      assertDamageIsTold(zeroed, "zeroed from " + at);
      SimulatedDisk cut = killed.copy();
      cut.place(segment, Arrays.copyOf(whole, at));
      assertDamageIsTold(cut, "cut at " + at);
    }
  }

  @Test
  void theDamagedStretchIsKeptAndTheStoreGoesOnBehindTheLostBatches() throws IOException {
    String segment = newest(killed);
    byte[] content = killed.content(segment);
    int at = end(content) / 2;
    Arrays.fill(content, at, at + 40, (byte) 0xff);
    Arrays.fill(content, at + 40, content.length, (byte) 0);
    killed.place(segment, content);
    try (Engine engine = open(killed)) {
      assertThat(engine.status().mode()).isEqualTo(StoreStatus.Mode.READ_WRITE);
      assertThat(engine.status().sequence()).isEqualTo(BATCHES);
      assertThat(killed.list()).anyMatch(name -> name.startsWith("quarantine-" + segment));
      put(engine, BATCHES, 20);
      assertThat(engine.status().sequence()).isEqualTo(BATCHES + 1);
    }
  }

  @Test
  void aTornLastWriteStaysSilent() throws IOException {
    String segment = newest(killed);
    byte[] content = killed.content(segment);
    int end = end(content);
    Arrays.fill(content, end + 3, Math.min(content.length, end + 9000), (byte) 0x47);
    killed.place(segment, content);
    try (Engine engine = open(killed)) {
      assertThat(engine.status().damage()).isEmpty();
      assertThat(engine.table("t").size()).isEqualTo(BATCHES);
    }
  }

  @Test
  void withoutAMarkMoreZerosThanOneWriteLeavesAreDamage() throws IOException {
    killed.remove(HighWaterMark.NAME);
    String segment = newest(killed);
    byte[] content = Arrays.copyOf(killed.content(segment), 2 << 20);
    Arrays.fill(content, end(content) / 2, content.length, (byte) 0);
    killed.place(segment, content);
    assertDamageIsTold(killed, "2 MB, half of the frames zeroed");
  }

  @Test
  void withoutAMarkAListedSegmentWithoutItsHeaderIsDamage() throws IOException {
    killed.remove(HighWaterMark.NAME);
    killed.place(newest(killed), new byte[0]);
    try (Engine engine = open(killed)) {
      assertThat(engine.status().damage()).anyMatch(line -> line.contains("header"));
      assertThat(engine.status().mode()).isEqualTo(StoreStatus.Mode.READ_ONLY);
    }
  }

  @Test
  void aStoreOfWhichNothingCanBeReadIsReadOnlyAndNotANewOne() throws IOException {
    for (boolean cut : List.of(true, false)) {
      for (String absent : List.of("", Manifest.NAME, HighWaterMark.NAME)) {
        SimulatedDisk files = killed.copy();
        for (String name : files.list()) {
          files.place(name, new byte[cut ? 0 : files.content(name).length]);
        }
        if (!absent.isEmpty()) {
          files.remove(absent);
        }
        try (Engine engine = open(files)) {
          assertThat(engine.status().mode()).isEqualTo(StoreStatus.Mode.READ_ONLY);
          assertThat(engine.status().damage()).isNotEmpty();
          assertThat(engine.commit(new Batch().put("t", new byte[1], new byte[1])))
              .failsWithin(Duration.ofSeconds(5));
        }
      }
    }
  }

  @Test
  void aMarkWithoutAStoreIsReadOnly() throws IOException {
    for (String name : killed.list()) {
      if (!name.equals(HighWaterMark.NAME)) {
        killed.remove(name);
      }
    }
    try (Engine engine = open(killed)) {
      assertThat(engine.status().mode()).isEqualTo(StoreStatus.Mode.READ_ONLY);
    }
  }

  @Test
  void oldCopiesOfTheJournalAndTheManifestAreTold() throws IOException {
    for (String name : early.list()) {
      if (!name.equals(HighWaterMark.NAME)) {
        killed.place(name, early.content(name));
      }
    }
    assertDamageIsTold(killed, "all files but the mark are old");
  }

  @Test
  void aFirstStartThatWasCutShortStaysANewStore() throws IOException {
    SimulatedDisk files = new SimulatedDisk();
    files.failAfter(5);
    try (Engine engine = open(files)) {
      engine
          .commit(new Batch().put("t", new byte[1], new byte[1]))
          .toCompletableFuture()
          .exceptionally(e -> null)
          .join();
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("stopped working");
    }
    try (Engine engine = open(files.copy())) {
      assertThat(engine.status().mode()).isEqualTo(StoreStatus.Mode.READ_WRITE);
      assertThat(engine.status().damage()).isEmpty();
      put(engine, 1, 20);
    }
  }
}
