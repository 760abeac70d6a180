package dev.gatehouse.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.store.Batch;
import dev.gatehouse.api.store.Store;
import dev.gatehouse.api.store.StoreConflictException;
import dev.gatehouse.api.store.Table;
import dev.gatehouse.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The registry's rows: keys of parts, pages of an index, and changes that are tried again. */
final class Rows {
  static final byte[] NOTHING = {1};

  private static final Logger LOG = LoggerFactory.getLogger(Rows.class);

  private static final int FORMAT = 1;
  private static final int TRIES = 20;

  private final Store store;
  private Consumer<Batch> committed = batch -> {};

  /**
   * What one attempt of a change came to.
   *
   * @param batch expects all that the attempt has read; without changes nothing is written
   */
  record Change<T>(Batch batch, T result) {}

  Rows(Store store) {
    this.store = store;
  }

  /** Before the first call: who is told of each batch that is durable. */
  void tell(Consumer<Batch> of) {
    committed = of;
  }

  static byte[] key(Account account, String... parts) {
    return (account + "\0" + String.join("\0", parts)).getBytes(StandardCharsets.UTF_8);
  }

  static byte[] value(ObjectNode node) {
    return Json.stored(FORMAT, node);
  }

  static ObjectNode node(byte[] value) {
    return Json.restored(FORMAT, value);
  }

  Optional<byte[]> get(String table, byte[] key) {
    return store.table(table).get(key);
  }

  boolean has(String table, byte[] key) {
    return get(table, key).isPresent();
  }

  long size(String table) {
    return store.table(table).size();
  }

  /** The batch fails unless a row is as it was read. */
  static void expect(Batch batch, String table, byte[] key, Optional<byte[]> read) {
    read.ifPresentOrElse(
        value -> batch.expect(table, key, value), () -> batch.expectAbsent(table, key));
  }

  /**
   * What follows a prefix in the keys of a table, in order.
   *
   * @param from where the page begins, itself something that follows the prefix
   */
  List<String> page(String table, byte[] prefix, String from, int limit) {
    return page(table, prefix, from, limit, (rest, value) -> rest);
  }

  /** The same of rows whose values are wanted too. */
  <T> List<T> page(
      String table, byte[] prefix, String from, int limit, BiFunction<String, byte[], T> restored) {
    byte[] more = from.getBytes(StandardCharsets.UTF_8);
    byte[] start = Arrays.copyOf(prefix, prefix.length + more.length);
    System.arraycopy(more, 0, start, prefix.length, more.length);
    byte[] end = prefix.length == 0 ? new byte[] {(byte) 0xFF} : prefix.clone();
    if (prefix.length > 0) {
      end[end.length - 1]++; // no byte of UTF-8 is the last one
    }
    return store.table(table).range(start, end, limit, Table.Order.ASCENDING).stream()
        .map(row -> restored.apply(rest(row.key(), prefix.length), row.value()))
        .toList();
  }

  private static String rest(byte[] key, int from) {
    return new String(key, from, key.length - from, StandardCharsets.UTF_8);
  }

  /** Commits what an attempt proposes; a new attempt if what it read has changed meanwhile. */
  <T> CompletionStage<T> commit(Supplier<Change<T>> attempt) {
    return commit(attempt, TRIES);
  }

  /** Removes a row that nobody waits for. */
  void forget(String table, byte[] key) {
    CompletionStage<Void> done = store.commit(new Batch().delete(table, key));
    done.whenComplete(
        (none, failure) -> {
          if (failure != null) {
            LOG.warn("event=row-stays table={} reason=\"{}\"", table, failure.toString());
          }
        });
  }

  private <T> CompletionStage<T> commit(Supplier<Change<T>> attempt, int tries) {
    Change<T> change = attempt.get();
    if (change.batch().changes().isEmpty()) {
      return CompletableFuture.completedFuture(change.result());
    }
    return store
        .commit(change.batch())
        .handle(
            (done, failure) -> {
              Throwable cause =
                  failure instanceof CompletionException ? failure.getCause() : failure;
              if (cause == null) {
                committed.accept(change.batch());
                return CompletableFuture.completedFuture(change.result());
              }
              if (!(cause instanceof StoreConflictException)) {
                return CompletableFuture.<T>failedFuture(cause);
              }
              if (tries == 1) {
                throw new ServiceException(
                    ErrorCode.SERVICE_UNAVAILABLE,
                    "it is being changed by other calls all the time; try again");
              }
              return commit(attempt, tries - 1);
            })
        .thenCompose(stage -> stage);
  }
}
