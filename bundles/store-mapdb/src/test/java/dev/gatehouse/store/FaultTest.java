package dev.gatehouse.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.api.store.Batch;
import dev.gatehouse.api.store.StoreStatus;
import dev.gatehouse.api.store.StoreUnavailableException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FaultTest {
  @TempDir Path scratch;
  private final SimulatedDisk disk = new SimulatedDisk();

  private static void put(Engine engine, String key, int bytes) {
    engine
        .commit(new Batch().put("t", Trace.bytes(key), new byte[bytes]))
        .toCompletableFuture()
        .join();
  }

  @Test
  void afterAFailedSyncNothingIsAcknowledgedUntilItHeals() throws IOException {
    try (Engine engine = new Engine(disk, Trace.settings(scratch))) {
      put(engine, "before", 10);
      disk.failNextSyncs(1);
      assertThatThrownBy(() -> put(engine, "lost", 10))
          .isInstanceOf(CompletionException.class)
          .hasCauseInstanceOf(StoreUnavailableException.class);
      assertThat(engine.status().mode()).isEqualTo(StoreStatus.Mode.DEGRADED);
      assertThat(engine.table("t").get(Trace.bytes("lost"))).isEmpty();
      await()
          .atMost(Duration.ofSeconds(5))
          .until(() -> engine.status().mode() == StoreStatus.Mode.READ_WRITE);
      put(engine, "after", 10);
    }
    try (Engine engine =
        new Engine(disk.afterPowerCut(new java.util.Random(1)), Trace.settings(scratch))) {
      assertThat(engine.table("t").get(Trace.bytes("before"))).isPresent();
      assertThat(engine.table("t").get(Trace.bytes("after"))).isPresent();
      assertThat(engine.status().damage()).isEmpty();
    }
  }

  @Test
  void onAFullDiskDeletionsSucceedAndItHealsWhenSpaceIsBack() throws IOException {
    try (Engine engine = new Engine(disk, Trace.settings(scratch))) {
      put(engine, "a", 1000);
      disk.capacity(disk.used() + 2000);
      assertThatThrownBy(() -> put(engine, "b", 300_000)).hasMessageContaining("No space left");
      engine
          .commit(new Batch().delete("t", Trace.bytes("a")))
          .toCompletableFuture()
          .exceptionally(e -> null)
          .join();
      await()
          .atMost(Duration.ofSeconds(5))
          .ignoreExceptions()
          .untilAsserted(
              () -> {
                engine
                    .commit(new Batch().delete("t", Trace.bytes("a")))
                    .toCompletableFuture()
                    .join();
                assertThat(engine.table("t").get(Trace.bytes("a"))).isEmpty();
              });
      disk.capacity(Long.MAX_VALUE);
      await()
          .atMost(Duration.ofSeconds(5))
          .until(() -> engine.status().mode() == StoreStatus.Mode.READ_WRITE);
      put(engine, "c", 300_000);
    }
  }
}
