package dev.gatehouse.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.api.store.Batch;
import dev.gatehouse.api.store.StoreStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FullDiskTest {
  private static final int RESERVE = 256 << 10;

  @TempDir Path scratch;
  private final SimulatedDisk disk = new SimulatedDisk();
  private Engine engine;

  @BeforeEach
  void fillTheDisk() throws IOException {
    engine =
        new Engine(
            disk,
            new StoreSettings(scratch, 16 << 20, 32 << 20, Duration.ofHours(1), 64 << 20, RESERVE));
    put("user", 2000);
    put("member", 20);
    put("session", 100);
    for (int i = 0; i < 200; i++) {
      engine.commit(new Batch().append("queue", i, new byte[10], new byte[2000]));
    }
    put("last", 1);
    disk.capacity(disk.used() + 1000);
    await()
        .atMost(Duration.ofSeconds(10))
        .until(
            () -> {
              try {
                put("more", 3000);
                return false;
              } catch (CompletionException e) {
                return engine.status().reason().contains("disk is full");
              }
            });
  }

  @AfterEach
  void close() throws IOException {
    disk.capacity(Long.MAX_VALUE);
    engine.close();
  }

  private void commit(Batch batch) {
    engine.commit(batch).toCompletableFuture().join();
  }

  private void put(String key, int bytes) {
    commit(new Batch().put("t", Trace.bytes(key), new byte[bytes]));
  }

  /** The first commits after the disk ran full may meet the pause after a failed write. */
  private void admitted(Batch batch) {
    await()
        .atMost(Duration.ofSeconds(10))
        .ignoreExceptionsMatching(e -> String.valueOf(e.getMessage()).contains("cannot be written"))
        .untilAsserted(() -> commit(batch));
  }

  @Test
  void aRemovalThatAlsoWritesASmallRowIsWritten() {
    admitted(
        new Batch()
            .delete("t", Trace.bytes("member"))
            .put("events", Trace.bytes("e"), new byte[600]));
    assertThat(engine.table("t").get(Trace.bytes("member"))).isEmpty();
  }

  @Test
  void aRowThatGetsSmallerIsWritten() {
    admitted(new Batch().put("t", Trace.bytes("user"), new byte[1500]));
    assertThat(engine.table("t").get(Trace.bytes("user"))).hasValue(new byte[1500]);
  }

  @Test
  void anUrgentRowIsWrittenAndALargeOneIsNot() {
    admitted(new Batch().put("t", Trace.bytes("session"), new byte[100]).urgent());
    assertThatThrownBy(
            () -> commit(new Batch().put("t", Trace.bytes("session"), new byte[200_000]).urgent()))
        .hasMessageContaining("disk is full");
  }

  @Test
  void whatStoresMoreIsRefusedWithTheReason() {
    admitted(new Batch().delete("t", Trace.bytes("member")));
    List<Batch> refused = new ArrayList<>();
    refused.add(new Batch().put("t", Trace.bytes("session"), new byte[100]));
    refused.add(new Batch().put("t", Trace.bytes("new"), new byte[1]));
    refused.add(
        new Batch()
            .delete("t", Trace.bytes("absent"))
            .drop("absent")
            .put("t", Trace.bytes("new"), new byte[1]));
    refused.add(new Batch().append("queue", 1000, new byte[1], new byte[1]).trim("queue", 1));
    refused.add(
        new Batch().delete("t", Trace.bytes("user")).put("t", Trace.bytes("x"), new byte[20_000]));
    for (Batch batch : refused) {
      assertThatThrownBy(() -> commit(batch)).hasMessageContaining("disk is full");
    }
  }

  @Test
  void urgentBatchesLeaveTheLastQuarterOfTheReserveToRemovals() {
    admitted(new Batch().delete("t", Trace.bytes("member")));
    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 10_000; i++) {
                commit(new Batch().put("t", Trace.bytes("session"), new byte[100]).urgent());
              }
            })
        .hasMessageContaining("disk is full");
    admitted(new Batch().trim("queue", 5));
    assertThat(engine.queue("queue").size()).isEqualTo(194);
  }

  @Test
  void whatIsRemovedGivesTheDiskBackByItself() {
    admitted(new Batch().trim("queue", 199));
    await()
        .atMost(Duration.ofSeconds(30))
        .ignoreExceptions()
        .until(
            () -> {
              commit(new Batch().delete("t", Trace.bytes("user")));
              return engine.status().mode() == StoreStatus.Mode.READ_WRITE;
            });
    put("more", 3000);
  }
}
