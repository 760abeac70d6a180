package dev.gatehouse.iam.session;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.store.Batch;
import dev.gatehouse.api.store.Store;
import dev.gatehouse.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When access keys were last used. Exact in memory; of each key at most one write an hour, for an
 * SD card must not wear out of it.
 */
public final class KeyUses {
  private static final Logger LOG = LoggerFactory.getLogger(KeyUses.class);
  private static final String TABLE = "iam.key-uses";
  private static final int FORMAT = 1;
  private static final int PAGE = 200;
  private static final long WRITE_MILLIS = Duration.ofHours(1).toMillis();

  private final Store store;
  private final Clock clock;
  private final Map<String, Use> uses = new ConcurrentHashMap<>();

  /** A use of a key. */
  public record Use(long millis, String region, String service, long writtenMillis) {}

  /**
   * Over a store.
   *
   * @param known whether there is a key of that id; what is stored of others is removed
   */
  public KeyUses(Store store, Clock clock, Predicate<String> known) {
    this.store = store;
    this.clock = clock;
    store
        .table(TABLE)
        .forEach(
            PAGE,
            row -> {
              String keyId = new String(row.key(), StandardCharsets.UTF_8);
              if (!known.test(keyId)) {
                forget(keyId);
              }
            });
  }

  /** A call was signed with a key, rightly. */
  public void used(String keyId, String region, String service) {
    long now = clock.millis();
    Use before = uses.get(keyId);
    long written = before == null ? now - WRITE_MILLIS : before.writtenMillis();
    boolean write = now - written >= WRITE_MILLIS || now < written;
    uses.put(keyId, new Use(now, region, service, write ? now : written));
    if (write) {
      ObjectNode node = Json.object().put("at", now).put("region", region).put("service", service);
      write(keyId, new Batch().put(TABLE, key(keyId), Json.stored(FORMAT, node)));
    }
  }

  /** A key has been deleted. */
  public void forget(String keyId) {
    uses.remove(keyId);
    write(keyId, new Batch().delete(TABLE, key(keyId)));
  }

  private void write(String keyId, Batch batch) {
    store
        .commit(batch)
        .whenComplete(
            (done, failure) -> {
              if (failure != null) {
                LOG.warn(
                    "event=key-use-not-written key={} reason=\"{}\"", keyId, failure.toString());
              }
            });
  }

  private static byte[] key(String keyId) {
    return keyId.getBytes(StandardCharsets.UTF_8);
  }

  /** The last use, if there was one. */
  public Optional<Use> last(String keyId) {
    Use use = uses.get(keyId);
    if (use != null) {
      return Optional.of(use);
    }
    return store
        .table(TABLE)
        .get(key(keyId))
        .map(value -> Json.restored(FORMAT, value))
        .map(
            node ->
                new Use(
                    node.path("at").asLong(),
                    node.path("region").asText(),
                    node.path("service").asText(),
                    node.path("at").asLong()));
  }
}
