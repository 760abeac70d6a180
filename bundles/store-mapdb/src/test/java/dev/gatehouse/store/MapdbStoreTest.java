package dev.gatehouse.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.api.store.Batch;
import dev.gatehouse.api.store.Store;
import dev.gatehouse.api.store.StoreUnavailableException;
import dev.gatehouse.api.store.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MapdbStoreTest extends StoreContract {
  @TempDir Path directory;
  private MapdbStore store;

  @BeforeEach
  void open() throws IOException {
    store = new MapdbStore(settings(directory.resolve("store")));
  }

  @AfterEach
  void close() throws IOException {
    store.close();
  }

  private static StoreSettings settings(Path directory) {
    return new StoreSettings(directory, 64 << 10, 1 << 20, Duration.ofHours(1), 64 << 10, 64 << 10);
  }

  @Override
  Store store() {
    return store;
  }

  private void reopen() throws IOException {
    store.close();
    open();
  }

  @Test
  void everythingIsThereAfterARestartWithAndWithoutACheckpoint() throws IOException {
    Trace trace = new Trace();
    for (int i = 0; i < 300; i++) {
      trace.commit(store);
    }
    trace.settle();
    reopen();
    trace.verify(store, "replayed");
    store.engine().checkpoint().join();
    reopen();
    trace.verify(store, "from a checkpoint");
    assertThat(store.health().message()).isEmpty();
  }

  @Test
  void interruptedThreadsDoNotCloseItsFiles() throws IOException {
    Set<Integer> acknowledged = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      if (i % 10 == 5) {
        threads("gatehouse-store-").forEach(Thread::interrupt);
        Thread.currentThread().interrupt();
      }
      CompletableFuture<Void> commit =
          store
              .commit(new Batch().put("t", Trace.bytes("k" + i), new byte[] {1}))
              .toCompletableFuture();
      Thread.interrupted();
      try {
        commit.join();
        acknowledged.add(i);
      } catch (CompletionException told) {
        assertThat(told).hasCauseInstanceOf(StoreUnavailableException.class);
      }
    }
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () ->
                assertThat(
                        store
                            .commit(new Batch().put("t", Trace.bytes("last"), new byte[] {1}))
                            .toCompletableFuture())
                    .succeedsWithin(Duration.ofSeconds(5)));
    reopen();
    for (int i : acknowledged) {
      assertThat(store.table("t").get(Trace.bytes("k" + i))).as("k%s", i).isPresent();
    }
    assertThat(acknowledged).isNotEmpty();
  }

  private static List<Thread> threads(String prefix) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith(prefix))
        .toList();
  }

  @Test
  void rowsThatOutgrowMemoryMoveToAFileAndStayReadable() {
    for (int i = 0; i < 200; i++) {
      store
          .commit(new Batch().put("big", Trace.bytes("k" + i), new byte[1000]))
          .toCompletableFuture()
          .join();
    }
    assertThat(directory.resolve("store/scratch.db")).exists();
    assertThat(store.table("big").size()).isEqualTo(200);
    assertThat(store.table("big").range(null, null, 1000, Table.Order.DESCENDING)).hasSize(200);
  }

  @Test
  void checkpointsGiveDiskBack() throws IOException {
    for (int round = 0; round < 6; round++) {
      for (int i = 0; i < 400; i++) {
        store.commit(new Batch().put("t", Trace.bytes("same"), new byte[1000]));
      }
      store
          .commit(new Batch().put("t", Trace.bytes("same"), new byte[1000]))
          .toCompletableFuture()
          .join();
      store.engine().checkpoint().join();
    }
    try (var files = Files.list(directory.resolve("store"))) {
      long used = files.mapToLong(file -> file.toFile().length()).sum();
      assertThat(used).isLessThan(2_000_000);
    }
  }

  @Test
  void aBackupTakenUnderLoadIsWholeAndRestores() throws IOException {
    Trace trace = new Trace();
    for (int i = 0; i < 200; i++) {
      trace.commit(store);
    }
    trace.settle();
    Path backup = directory.resolve("backup");
    Thread load =
        new Thread(
            () -> {
              for (int i = 0; i < 500; i++) {
                store
                    .commit(new Batch().put("load", Trace.bytes("k" + i), new byte[100]))
                    .toCompletableFuture()
                    .join();
              }
            });
    load.start();
    Store.Backup done = store.backup(backup).toCompletableFuture().join();
    assertThat(done.bytes()).isPositive();
    Path restored = directory.resolve("restored");
    assertThat(StoreRestore.restore(backup, restored)).isGreaterThanOrEqualTo(200);
    MapdbStore copy = new MapdbStore(settings(restored));
    try {
      trace.verify(copy, "restored");
      assertThat(copy.status().damage()).isEmpty();
    } finally {
      copy.close();
      joined(load);
    }
  }

  private static void joined(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aDamagedBackupIsNotRestored() throws IOException {
    store
        .commit(new Batch().put("t", Trace.bytes("k"), new byte[5000]))
        .toCompletableFuture()
        .join();
    Path backup = directory.resolve("backup");
    store.backup(backup).toCompletableFuture().join();
    Path file = backup.resolve(name(backup, "checkpoint"));
    byte[] content = Files.readAllBytes(file);
    content[content.length / 2] ^= 1;
    Files.write(file, content);
    Path target = directory.resolve("target");
    assertThatThrownBy(() -> StoreRestore.restore(backup, target)).hasMessageContaining("damaged");
    assertThat(target).doesNotExist();
  }

  private static String name(Path directory, String prefix) throws IOException {
    try (var files = Files.list(directory)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(n -> n.startsWith(prefix))
          .findFirst()
          .orElseThrow();
    }
  }

  @Test
  void aSecondGatewayCannotShareTheStore() {
    assertThatThrownBy(() -> new MapdbStore(settings(directory.resolve("store"))))
        .hasMessageContaining("in use by another gateway");
  }

  @Test
  void filesAreTheOwnersOnly() throws IOException {
    store.commit(new Batch().put("t", Trace.bytes("k"), new byte[1])).toCompletableFuture().join();
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(directory.resolve("store"))))
        .isEqualTo("rwx------");
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(directory.resolve("store/MANIFEST"))))
        .isEqualTo("rw-------");
  }
}
