package dev.gatehouse.identity;

import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.store.Batch;
import dev.gatehouse.api.store.Store;
import dev.gatehouse.identity.CreationOrder.Entry;
import dev.gatehouse.identity.DeviceCertificate.Status;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Registered certificates. Their status is also in memory, where event loops look it up; memory
 * follows the store after each commit by reading the row again, so that it ends up right in
 * whatever order commits are told of. A certificate is in one account only, since it is all that
 * tells the account of a connection.
 */
final class Certificates {
  static final String TABLE = "identity.certificates";
  static final String ALL = "all";
  static final String OUTGOING = "outgoing";
  private static final int PAGE = 500;

  private final Store store;
  private final Clock clock;
  private final OwnerIds owners;
  private final CreationOrder order;
  private final Map<String, Known> known = new ConcurrentHashMap<>(); // by certificate id

  /**
   * What is needed to judge a connection.
   *
   * @param pending of one that waits for activation, else null
   */
  record Known(Account account, Status status, @Nullable Pending pending) {}

  /** What is told of one that waits for activation. */
  record Pending(String caId, long createdMillis) {}

  Certificates(Store store, Clock clock) {
    this.store = store;
    this.clock = clock;
    this.owners = new OwnerIds(store, "device");
    this.order = new CreationOrder(store);
    boolean indexed = !order.empty();
    Batch indexing = new Batch(); // whole or not at all
    store
        .table(TABLE)
        .forEach(
            PAGE,
            row -> {
              DeviceCertificate certificate = DeviceCertificate.restored(row.key(), row.value());
              remember(certificate);
              if (!indexed) {
                index(certificate, indexing);
              }
            });
    if (!indexing.changes().isEmpty()) {
      store.commit(indexing).toCompletableFuture().join();
    }
  }

  /** What those of the first release lack. */
  private void index(DeviceCertificate certificate, Batch batch) {
    owners.put(certificate.id(), certificate.account(), batch);
    CreationOrder.change(List.of(), entries(certificate), batch);
  }

  private void remember(DeviceCertificate certificate) {
    Pending pending =
        certificate.status() == Status.PENDING_ACTIVATION
            ? new Pending(certificate.caId(), certificate.createdMillis())
            : null;
    known.put(certificate.id(), new Known(certificate.account(), certificate.status(), pending));
  }

  /** SHA-256 in hex. */
  static String id(byte[] der) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(der));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  static String signedBy(String caId) {
    return "ca-" + caId;
  }

  boolean known(String id) {
    return known.containsKey(id);
  }

  Optional<Known> lookUp(String id) {
    return Optional.ofNullable(known.get(id));
  }

  Optional<DeviceCertificate> find(Account account, String id) {
    byte[] key = Keys.of(account, id);
    return store.table(TABLE).get(key).map(value -> DeviceCertificate.restored(key, value));
  }

  /** A certificate, or ResourceNotFoundException. */
  DeviceCertificate require(Account account, String id) {
    return find(account, id).orElseThrow(() -> absent(id));
  }

  /** One that another account is transferring to this one. */
  Optional<DeviceCertificate> incoming(Account account, String id) {
    return owners
        .find(id)
        .flatMap(owner -> find(owner, id))
        .filter(found -> found.status() == Status.PENDING_TRANSFER)
        .filter(found -> receiver(found).equals(account));
  }

  /** Whether a certificate was last offered to an account, whatever became of that. */
  boolean offered(Account account, String id) {
    return owners
        .find(id)
        .flatMap(owner -> find(owner, id))
        .filter(found -> found.transfer().to().equals(account.id()))
        .isPresent();
  }

  static ServiceException absent(String id) {
    return new ServiceException(ErrorCode.RESOURCE_NOT_FOUND, "there is no certificate " + id);
  }

  private static Account receiver(DeviceCertificate certificate) {
    return new Account(certificate.transfer().to(), certificate.account().region());
  }

  private static List<Entry> entries(DeviceCertificate certificate) {
    List<Entry> entries = new ArrayList<>();
    Account owner = certificate.account();
    entries.add(entry(owner, ALL, certificate));
    if (!certificate.caId().isEmpty()) {
      entries.add(entry(owner, signedBy(certificate.caId()), certificate));
    }
    if (certificate.status() == Status.PENDING_TRANSFER) {
      entries.add(entry(owner, OUTGOING, certificate));
      entries.add(entry(receiver(certificate), ALL, certificate));
    }
    return entries;
  }

  private static Entry entry(Account account, String list, DeviceCertificate certificate) {
    return new Entry(
        account, list, certificate.createdMillis(), certificate.id(), certificate.account());
  }

  /** A page of a list, oldest first or last. */
  Page<DeviceCertificate> page(Account account, String list, Page.Request request) {
    return Page.of(
        order.page(account, list, request.from(), request.size() + 1, request.order()),
        request,
        Entry::position,
        entry -> find(entry.owner(), entry.id()));
  }

  /** Registers a new one; ResourceAlreadyExistsException if it is known. */
  CompletionStage<DeviceCertificate> add(
      Account account, X509Certificate certificate, String caId, Status status) {
    DeviceCertificate added;
    try {
      added =
          DeviceCertificate.added(
              account,
              id(certificate.getEncoded()),
              Pem.encode(certificate),
              caId,
              status,
              clock.millis());
    } catch (GeneralSecurityException e) {
      throw new ServiceException(ErrorCode.INTERNAL_FAILURE, "the certificate has no DER form", e);
    }
    byte[] key = Keys.of(account, added.id());
    return Conflicts.retried(
            () -> {
              owners.requireAbsent(added.id(), account, added.arn());
              Batch batch = new Batch();
              owners.expectAbsent(added.id(), batch);
              index(added, batch);
              return store.commit(batch.put(TABLE, key, added.stored()));
            })
        .thenApply(
            done -> {
              refresh(added.id());
              return added;
            });
  }

  /** Changes the status. */
  CompletionStage<Void> update(Account account, String id, Status status) {
    return change(
            () -> {
              DeviceCertificate before = require(account, id);
              if (before.status() == Status.PENDING_TRANSFER) {
                throw new ServiceException(
                    IdentityErrors.CERTIFICATE_STATE,
                    "certificate " + id + " is being transferred; cancel that first");
              }
              return before;
            },
            before -> before.with(status, clock.millis()))
        .thenApply(done -> null);
  }

  /**
   * Changes a certificate.
   *
   * @param find reads it and throws if it may not be changed
   */
  CompletionStage<DeviceCertificate> change(
      Supplier<DeviceCertificate> find, UnaryOperator<DeviceCertificate> change) {
    return Conflicts.retried(
        () -> {
          DeviceCertificate before = find.get();
          DeviceCertificate after = change.apply(before);
          Batch batch = new Batch().urgent(); // a revocation does not wait for a full disk
          expect(before, batch);
          if (!before.account().equals(after.account())) {
            batch.delete(TABLE, Keys.of(before.account(), before.id()));
            owners.put(after.id(), after.account(), batch);
          }
          batch.put(TABLE, Keys.of(after.account(), after.id()), after.stored());
          CreationOrder.change(entries(before), entries(after), batch);
          return store
              .commit(batch)
              .whenComplete((done, failure) -> refresh(before.id()))
              .thenApply(done -> after);
        });
  }

  /** Adds to a batch that a certificate must still be as it is. */
  void expect(DeviceCertificate certificate, Batch batch) {
    batch.expect(TABLE, Keys.of(certificate.account(), certificate.id()), certificate.stored());
  }

  /** Adds the removal of a certificate to a batch. */
  void remove(DeviceCertificate certificate, Batch batch) {
    expect(certificate, batch);
    batch.delete(TABLE, Keys.of(certificate.account(), certificate.id()));
    owners.delete(certificate.id(), batch);
    CreationOrder.change(entries(certificate), List.of(), batch);
  }

  /** Makes memory follow the store. */
  void refresh(String id) {
    synchronized (this) {
      owners
          .find(id)
          .flatMap(owner -> find(owner, id))
          .ifPresentOrElse(this::remember, () -> known.remove(id));
    }
  }
}
