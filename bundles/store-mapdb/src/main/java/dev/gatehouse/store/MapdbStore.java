package dev.gatehouse.store;

import dev.gatehouse.api.home.GatewayHome;
import dev.gatehouse.api.store.Batch;
import dev.gatehouse.api.store.Queue;
import dev.gatehouse.api.store.Store;
import dev.gatehouse.api.store.StoreStatus;
import dev.gatehouse.api.store.Table;
import dev.gatehouse.api.telemetry.HealthCheck;
import dev.gatehouse.api.telemetry.Metric;
import dev.gatehouse.api.telemetry.MetricSource;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/** The store in a directory of its own, which it locks against a second gateway. */
@Component(
    configurationPid = "dev.gatehouse.store",
    service = {Store.class, MetricSource.class, HealthCheck.class},
    immediate = true)
@Designate(ocd = StoreConfig.class)
public final class MapdbStore implements Store, MetricSource, HealthCheck {
  private final FileChannel lockFile;
  private final Engine engine;

  /** Recovers what is there. */
  @Activate
  public MapdbStore(@Reference GatewayHome home, StoreConfig config) throws IOException {
    this(StoreSettings.of(config, home));
  }

  MapdbStore(StoreSettings settings) throws IOException {
    DiskFileLayer layer = new DiskFileLayer(settings.directory());
    lockFile = lock(settings.directory());
    try {
      engine = new Engine(layer, settings);
    } catch (IOException | RuntimeException e) {
      lockFile.close();
      throw e;
    }
  }

  private static FileChannel lock(Path directory) throws IOException {
    FileChannel channel =
        FileChannel.open(
            directory.resolve("LOCK"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    @Nullable FileLock lock;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      lock = null;
    }
    if (lock == null) {
      channel.close();
      throw new IOException("the store in " + directory + " is in use by another gateway");
    }
    return channel;
  }

  @Deactivate
  void close() throws IOException {
    engine.close();
    lockFile.close();
  }

  Engine engine() {
    return engine;
  }

  @Override
  public Table table(String name) {
    return engine.table(name);
  }

  @Override
  public Queue queue(String name) {
    return engine.queue(name);
  }

  @Override
  public CompletionStage<Void> commit(Batch batch) {
    return engine.commit(batch);
  }

  @Override
  public StoreStatus status() {
    return engine.status();
  }

  @Override
  public CompletionStage<Backup> backup(Path directory) {
    return engine.backup(directory);
  }

  @Override
  public List<Metric> metrics() {
    return engine.metrics();
  }

  @Override
  public Health health() {
    StoreStatus status = engine.status();
    if (status.mode() == StoreStatus.Mode.READ_ONLY) {
      return new Health("store", State.DOWN, "read-only: " + status.reason());
    }
    if (status.mode() == StoreStatus.Mode.DEGRADED) {
      return new Health("store", State.DEGRADED, status.reason());
    }
    return status.damage().isEmpty()
        ? new Health("store", State.UP, "")
        : new Health(
            "store",
            State.DEGRADED,
            "recovery found damage: " + String.join("; ", status.damage()));
  }
}
