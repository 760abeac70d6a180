package dev.gatehouse.rules;

import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.store.Batch;
import dev.gatehouse.api.store.Store;
import dev.gatehouse.api.store.StoreConflictException;
import dev.gatehouse.api.store.Table;
import dev.gatehouse.api.tag.Tags;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * New rules, as many as an account may have. Each creation expects the row that tells how many
 * there were before it: of several at the same time one is committed, the others count again.
 */
final class RuleCreations {
  private static final String CREATIONS = "rules.creations";
  private static final byte FORMAT = 1;
  private static final int TRIES = 1_000;

  private final Store store;
  private final Table table;
  private final Executor control;
  private final int maxRules;

  RuleCreations(Store store, Executor control, int maxRules) {
    this.store = store;
    this.table = store.table(RuleOperations.TABLE);
    this.control = control;
    this.maxRules = maxRules;
  }

  /** Adds a rule; completes when it is durable. */
  CompletionStage<Void> add(RuleKey key, byte[] document, Tags tags) {
    return add(key, document, tags, TRIES);
  }

  private CompletionStage<Void> add(RuleKey key, byte[] document, Tags tags, int tries) {
    Account account = key.account();
    byte[] counter = account.toString().getBytes(StandardCharsets.UTF_8);
    Optional<byte[]> before = store.table(CREATIONS).get(counter); // before the rules are counted
    requireRoom(key);
    Batch batch =
        new Batch()
            .expectAbsent(RuleOperations.TABLE, key.bytes())
            .put(RuleOperations.TABLE, key.bytes(), document);
    before.ifPresentOrElse(
        value -> batch.expect(CREATIONS, counter, value),
        () -> batch.expectAbsent(CREATIONS, counter));
    long number = before.map(value -> ByteBuffer.wrap(value, 1, Long.BYTES).getLong()).orElse(0L);
    ByteBuffer next = ByteBuffer.allocate(1 + Long.BYTES).put(FORMAT).putLong(number + 1);
    batch.put(CREATIONS, counter, next.array());
    tags.put(batch, account, key.resource());
    return store
        .commit(batch)
        .handleAsync(
            (done, failure) -> {
              Throwable cause =
                  failure instanceof CompletionException ? failure.getCause() : failure;
              if (cause == null) {
                return CompletableFuture.<Void>completedFuture(null);
              }
              return cause instanceof StoreConflictException && tries > 1
                  ? add(key, document, tags, tries - 1)
                  : CompletableFuture.<Void>failedFuture(cause);
            },
            control)
        .thenCompose(stage -> stage);
  }

  /** Counts rows a few at a time: each holds a rule's whole text. */
  private int count(byte[] from, byte[] to) {
    int count = 0;
    byte[] next = from;
    List<Table.Row> page;
    do {
      page = table.range(next, to, RuleOperations.PAGE, Table.Order.ASCENDING);
      count += page.size();
      if (!page.isEmpty()) {
        byte[] last = page.get(page.size() - 1).key();
        next = Arrays.copyOf(last, last.length + 1);
      }
    } while (page.size() == RuleOperations.PAGE && count < maxRules);
    return count;
  }

  private void requireRoom(RuleKey key) {
    if (table.get(key.bytes()).isPresent()) {
      throw new ServiceException(
          ErrorCode.RESOURCE_ALREADY_EXISTS,
          "rule '" + key.name() + "' already exists",
          Map.of("resourceArn", key.arn(), "resourceId", key.name()),
          null);
    }
    byte[] from = (key.account() + "\u0000").getBytes(StandardCharsets.UTF_8);
    byte[] to = (key.account() + "\u0001").getBytes(StandardCharsets.UTF_8);
    if (count(from, to) >= maxRules) {
      throw new ServiceException(
          ErrorCode.LIMIT_EXCEEDED, "the account has " + maxRules + " rules, no more are allowed");
    }
  }
}
