package dev.gatehouse.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.api.store.Batch;
import dev.gatehouse.api.store.StoreStatus;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The files of a store that a version without a {@link HighWaterMark} wrote: 40 batches of a {@link
 * Trace} without its deletions, checkpoints behind 13 and 26, killed.
 */
class EarlierFormatTest {
  private static final List<String> FILES =
      List.of(
          "MANIFEST",
          "checkpoint-000000000000000d",
          "checkpoint-000000000000001a",
          "segment-000000000000000e",
          "segment-000000000000001b");

  @TempDir Path scratch;
  private final SimulatedDisk disk = new SimulatedDisk();

  @BeforeEach
  void copy() throws IOException {
    for (String name : FILES) {
      try (InputStream file = getClass().getResourceAsStream("/store-without-mark/" + name)) {
        assertThat(file).as(name).isNotNull();
        disk.place(name, file.readAllBytes());
      }
    }
  }

  private static void verify(Engine engine) {
    assertThat(engine.status().mode()).isEqualTo(StoreStatus.Mode.READ_WRITE);
    assertThat(engine.status().damage()).isEmpty();
    for (int i = 0; i < 40; i++) {
      assertThat(engine.table("right").get(Trace.bytes("k" + i)))
          .contains(Trace.bytes("value-" + i));
    }
    assertThat(engine.queue("queue").read(0, 100, 1 << 20).toCompletableFuture().join())
        .hasSize(40)
        .allSatisfy(
            entry -> assertThat(entry.value()).isEqualTo(Trace.bytes("entry-" + entry.number())));
  }

  @Test
  void itOpensWithAllItsDataAndGoesOn() throws IOException {
    try (Engine engine = new Engine(disk, Trace.settings(scratch))) {
      verify(engine);
      engine.commit(new Batch().put("t", new byte[1], new byte[1])).toCompletableFuture().join();
    }
    try (Engine engine = new Engine(disk.copy(), Trace.settings(scratch))) {
      verify(engine);
      assertThat(engine.status().sequence()).isEqualTo(41);
      assertThat(disk.list()).contains(HighWaterMark.NAME);
    }
  }

  @Test
  void damageThatItsManifestProvesIsTold() throws IOException {
    disk.place("segment-000000000000001b", new byte[0]);
    try (Engine engine = new Engine(disk, Trace.settings(scratch))) {
      assertThat(engine.status().damage())
          .anyMatch(line -> line.startsWith("segment-000000000000001b"));
    }
  }
}
