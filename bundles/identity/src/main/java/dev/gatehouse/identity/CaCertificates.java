package dev.gatehouse.identity;

import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.store.Batch;
import dev.gatehouse.api.store.Store;
import dev.gatehouse.api.tag.Tags;
import dev.gatehouse.identity.CreationOrder.Entry;
import java.io.ByteArrayOutputStream;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;

/** The CAs that accounts have registered. */
final class CaCertificates {
  static final String TABLE = "identity.ca-certificates";
  private static final String FAMILIES = "identity.ca-families";
  private static final byte FORMAT = 1;
  private static final String LIST = "cas";
  private static final int MAX_FAMILY = 10;
  private static final int PAGE = 100;

  private final Store store;
  private final Clock clock;
  private final OwnerIds owners;
  private final CreationOrder order;
  private final Signers signers = new Signers();

  CaCertificates(Store store, Clock clock) {
    this.store = store;
    this.clock = clock;
    this.owners = new OwnerIds(store, "ca");
    this.order = new CreationOrder(store);
    store
        .table(TABLE)
        .forEach(PAGE, row -> signers.put(CaCertificate.restored(row.key(), row.value())));
  }

  /** What event loops ask. */
  Signers signers() {
    return signers;
  }

  private Optional<CaCertificate> find(Account account, String id) {
    byte[] key = Keys.of(account, id);
    return store.table(TABLE).get(key).map(value -> CaCertificate.restored(key, value));
  }

  /** A CA, or ResourceNotFoundException. */
  CaCertificate require(Account account, String id) {
    return find(account, id)
        .orElseThrow(
            () ->
                new ServiceException(
                    ErrorCode.RESOURCE_NOT_FOUND, "there is no CA certificate " + id));
  }

  Page<CaCertificate> page(Account account, Page.Request request) {
    return Page.of(
        order.page(account, LIST, request.from(), request.size() + 1, request.order()),
        request,
        Entry::position,
        entry -> find(account, entry.id()));
  }

  private static List<Entry> entries(CaCertificate ca) {
    return List.of(new Entry(ca.account(), LIST, ca.createdMillis(), ca.id(), ca.account()));
  }

  /** Registers a CA; of one subject and key an account may have ten. */
  CompletionStage<CaCertificate> add(
      Account account,
      X509Certificate certificate,
      boolean active,
      boolean autoRegistration,
      Tags tags) {
    long now = clock.millis();
    String id = CertificateRules.id(certificate);
    CaCertificate added =
        new CaCertificate(
            account, id, CertificateRules.pem(certificate), active, autoRegistration, now, now, 1);
    byte[] family = family(account, certificate);
    return Conflicts.retried(
            () -> {
              owners.requireAbsent(id, account, added.arn());
              Batch batch = new Batch();
              owners.expectAbsent(id, batch);
              owners.put(id, account, batch);
              int members = count(family, 1, batch);
              if (members > MAX_FAMILY) {
                throw new ServiceException(
                    ErrorCode.LIMIT_EXCEEDED,
                    MAX_FAMILY + " CA certificates with this subject and key are registered");
              }
              batch.put(TABLE, Keys.of(account, id), added.stored());
              tags.put(batch, account, added.resource());
              CreationOrder.change(List.of(), entries(added), batch);
              return store.commit(batch);
            })
        .thenApply(
            done -> {
              refresh(account, id);
              return added;
            });
  }

  private static byte[] family(Account account, X509Certificate certificate) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(certificate.getSubjectX500Principal().getEncoded());
    bytes.writeBytes(certificate.getPublicKey().getEncoded());
    return Keys.of(account, Certificates.id(bytes.toByteArray()));
  }

  /** Adds to a batch that a family grows by a number; returns how many it has then. */
  private int count(byte[] family, int more, Batch batch) {
    Optional<byte[]> before = store.table(FAMILIES).get(family);
    int members = before.map(value -> (int) value[1]).orElse(0) + more;
    before.ifPresentOrElse(
        value -> batch.expect(FAMILIES, family, value), () -> batch.expectAbsent(FAMILIES, family));
    if (members > 0) {
      batch.put(FAMILIES, family, new byte[] {FORMAT, (byte) members});
    } else {
      batch.delete(FAMILIES, family);
    }
    return members;
  }

  /** Changes a CA. */
  CompletionStage<Void> change(Account account, String id, UnaryOperator<CaCertificate> change) {
    byte[] key = Keys.of(account, id);
    return Conflicts.retried(
        () -> {
          CaCertificate before = require(account, id);
          Batch batch = new Batch().urgent().expect(TABLE, key, before.stored());
          return store
              .commit(batch.put(TABLE, key, change.apply(before).stored()))
              .whenComplete((done, failure) -> refresh(account, id));
        });
  }

  /** Removes a CA that is not active; what it signed stays. */
  CompletionStage<Void> delete(Account account, String id) {
    byte[] key = Keys.of(account, id);
    return Conflicts.retried(
        () -> {
          CaCertificate ca = require(account, id);
          if (ca.active()) {
            throw new ServiceException(
                IdentityErrors.CERTIFICATE_STATE,
                "CA certificate " + id + " is active; deactivate it first");
          }
          Batch batch = new Batch().expect(TABLE, key, ca.stored()).delete(TABLE, key);
          owners.delete(id, batch);
          Tags.remove(batch, account, ca.resource());
          count(family(account, CertificateRules.read("the stored CA", ca.pem())), -1, batch);
          CreationOrder.change(entries(ca), List.of(), batch);
          return store.commit(batch).whenComplete((done, failure) -> refresh(account, id));
        });
  }

  private void refresh(Account account, String id) {
    synchronized (this) {
      find(account, id).ifPresentOrElse(signers::put, () -> signers.remove(id));
    }
  }
}
