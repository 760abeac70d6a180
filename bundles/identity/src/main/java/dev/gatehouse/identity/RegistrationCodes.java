package dev.gatehouse.identity;

import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.store.Batch;
import dev.gatehouse.api.store.Store;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The code of each account that proves that it holds a CA's private key. */
final class RegistrationCodes {
  private static final String TABLE = "identity.registration-codes";
  private static final byte FORMAT = 1;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Store store;

  RegistrationCodes(Store store) {
    this.store = store;
  }

  private static byte[] key(Account account) {
    return Keys.of(account, "");
  }

  Optional<String> find(Account account) {
    return store
        .table(TABLE)
        .get(key(account))
        .map(value -> new String(value, 1, value.length - 1, StandardCharsets.US_ASCII));
  }

  /** The account's code, made if it has none. */
  CompletionStage<String> get(Account account) {
    return Conflicts.retried(
        () -> {
          Optional<String> found = find(account);
          if (found.isPresent()) {
            return CompletableFuture.completedStage(found.get());
          }
          byte[] bytes = new byte[32];
          RANDOM.nextBytes(bytes);
          String code = HexFormat.of().formatHex(bytes);
          byte[] value = new byte[code.length() + 1];
          value[0] = FORMAT;
          System.arraycopy(code.getBytes(StandardCharsets.US_ASCII), 0, value, 1, code.length());
          return store
              .commit(new Batch().expectAbsent(TABLE, key(account)).put(TABLE, key(account), value))
              .thenApply(done -> code);
        });
  }

  /** Forgets it; ResourceNotFoundException if there is none. */
  CompletionStage<Void> delete(Account account) {
    if (find(account).isEmpty()) {
      throw new ServiceException(
          ErrorCode.RESOURCE_NOT_FOUND, "the account has no registration code");
    }
    return store.commit(new Batch().delete(TABLE, key(account)));
  }
}
