package dev.gatehouse.identity;

import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.store.Batch;
import dev.gatehouse.api.store.Store;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/** Which account a certificate belongs to: rows across accounts, so that it is one only. */
final class OwnerIds {
  private static final String TABLE = "identity.certificate-owners";
  private static final byte FORMAT = 1;

  private final Store store;
  private final String kind;

  OwnerIds(Store store, String kind) {
    this.store = store;
    this.kind = kind;
  }

  private byte[] key(String id) {
    return (kind + "\0" + id).getBytes(StandardCharsets.UTF_8);
  }

  Optional<Account> find(String id) {
    return store
        .table(TABLE)
        .get(key(id))
        .map(value -> new String(value, 1, value.length - 1, StandardCharsets.UTF_8))
        .map(Keys::account);
  }

  /** ResourceAlreadyExistsException if it has an owner; another account's is not told. */
  void requireAbsent(String id, Account account, String arn) {
    find(id)
        .ifPresent(
            owner -> {
              boolean own = owner.equals(account);
              throw new ServiceException(
                  ErrorCode.RESOURCE_ALREADY_EXISTS,
                  "the certificate is registered already" + (own ? "" : " in another account"),
                  own ? Map.of("resourceId", id, "resourceArn", arn) : Map.of("resourceId", id),
                  null);
            });
  }

  void expectAbsent(String id, Batch batch) {
    batch.expectAbsent(TABLE, key(id));
  }

  void put(String id, Account account, Batch batch) {
    byte[] name = account.toString().getBytes(StandardCharsets.UTF_8);
    byte[] value = new byte[name.length + 1];
    value[0] = FORMAT;
    System.arraycopy(name, 0, value, 1, name.length);
    batch.put(TABLE, key(id), value);
  }

  void delete(String id, Batch batch) {
    batch.delete(TABLE, key(id));
  }
}
