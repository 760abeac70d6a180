package dev.gatehouse.identity;

import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.store.Batch;
import dev.gatehouse.api.store.Store;
import dev.gatehouse.api.store.Table;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Registered certificates. Their status is also in memory, where event loops look it up; memory
 * follows the store after each commit by reading the row again, so that it ends up right in
 * whatever order commits are told of.
 */
final class Certificates {
  static final String TABLE = "identity.certificates";
  private static final int PAGE = 500;

  private final Store store;
  private final Clock clock;
  private final Map<String, Known> known = new ConcurrentHashMap<>(); // by certificate id

  /** What is needed to judge a connection. */
  record Known(Account account, DeviceCertificate.Status status) {}

  Certificates(Store store, Clock clock) {
    this.store = store;
    this.clock = clock;
    byte[] from = new byte[0];
    List<Table.Row> page;
    do {
      page = store.table(TABLE).range(from, null, PAGE, Table.Order.ASCENDING);
      for (Table.Row row : page) {
        remember(DeviceCertificate.restored(row.key(), row.value()));
        from = java.util.Arrays.copyOf(row.key(), row.key().length + 1);
      }
    } while (page.size() == PAGE);
  }

  private void remember(DeviceCertificate certificate) {
    known.put(certificate.id(), new Known(certificate.account(), certificate.status()));
  }

  /** SHA-256 in hex. */
  static String id(byte[] der) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(der));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  boolean known(String id) {
    return known.containsKey(id);
  }

  Optional<Known> lookUp(String id) {
    return Optional.ofNullable(known.get(id));
  }

  /** A certificate, or ResourceNotFoundException. */
  DeviceCertificate require(Account account, String id) {
    byte[] key = Keys.of(account, id);
    return store
        .table(TABLE)
        .get(key)
        .map(value -> DeviceCertificate.restored(key, value))
        .orElseThrow(
            () ->
                new ServiceException(
                    ErrorCode.RESOURCE_NOT_FOUND, "there is no certificate " + id));
  }

  /** A page, from the given id on; ids are the order. */
  List<DeviceCertificate> page(Account account, String from, int limit, Table.Order order) {
    byte[] all = Keys.of(account, "");
    byte[] low = order == Table.Order.ASCENDING && !from.isEmpty() ? Keys.of(account, from) : all;
    byte[] high =
        order == Table.Order.DESCENDING && !from.isEmpty()
            ? Keys.of(account, from + "\0")
            : Keys.end(all);
    return store.table(TABLE).range(low, high, limit, order).stream()
        .map(row -> DeviceCertificate.restored(row.key(), row.value()))
        .toList();
  }

  /** Registers a new one. */
  CompletionStage<DeviceCertificate> add(
      Account account, X509Certificate certificate, boolean active) {
    DeviceCertificate added;
    try {
      long now = clock.millis();
      added =
          new DeviceCertificate(
              account,
              id(certificate.getEncoded()),
              Pem.encode(certificate),
              active ? DeviceCertificate.Status.ACTIVE : DeviceCertificate.Status.INACTIVE,
              now,
              now);
    } catch (GeneralSecurityException e) {
      throw new ServiceException(ErrorCode.INTERNAL_FAILURE, "the certificate has no DER form", e);
    }
    byte[] key = Keys.of(account, added.id());
    return store
        .commit(new Batch().expectAbsent(TABLE, key).put(TABLE, key, added.stored()))
        .thenApply(
            done -> {
              refresh(account, added.id());
              return added;
            });
  }

  /** Changes the status; completes with what it was before. */
  CompletionStage<DeviceCertificate> update(
      Account account, String id, DeviceCertificate.Status status) {
    DeviceCertificate before = require(account, id);
    byte[] key = Keys.of(account, id);
    return store
        .commit(
            new Batch()
                .expect(TABLE, key, before.stored())
                .put(TABLE, key, before.with(status, clock.millis()).stored()))
        .thenApply(
            done -> {
              refresh(account, id);
              return before;
            });
  }

  /** Adds the removal of a certificate to a batch. */
  void remove(DeviceCertificate certificate, Batch batch) {
    byte[] key = Keys.of(certificate.account(), certificate.id());
    batch.expect(TABLE, key, certificate.stored()).delete(TABLE, key);
  }

  /** Makes memory follow the store. */
  void refresh(Account account, String id) {
    byte[] key = Keys.of(account, id);
    synchronized (this) {
      store
          .table(TABLE)
          .get(key)
          .ifPresentOrElse(
              value -> remember(DeviceCertificate.restored(key, value)), () -> known.remove(id));
    }
  }
}
