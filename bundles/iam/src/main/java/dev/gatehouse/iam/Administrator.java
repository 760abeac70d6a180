package dev.gatehouse.iam;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.identity.Accounts;
import dev.gatehouse.api.store.Store;
import dev.gatehouse.api.store.Table;
import dev.gatehouse.iam.directory.AccessKey;
import dev.gatehouse.iam.directory.Directory;
import dev.gatehouse.iam.directory.Draft;
import dev.gatehouse.iam.directory.Grants;
import dev.gatehouse.iam.directory.Kind;
import dev.gatehouse.iam.directory.Tags;
import dev.gatehouse.iam.directory.User;
import dev.gatehouse.iam.operation.UserOperations;
import dev.gatehouse.iam.session.Ids;
import dev.gatehouse.iam.session.SecretFiles;
import dev.gatehouse.iam.session.SecretKeys;
import dev.gatehouse.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The user of an account who may do everything, made with the account. */
final class Administrator {
  private static final Logger LOG = LoggerFactory.getLogger(Administrator.class);
  private static final String EARLIER_TABLE = "identity.access-keys";

  private Administrator() {}

  /** Puts one into a new account. */
  static Accounts.AccessKey make(Draft draft, SecretKeys secrets) {
    SecretKeys.Made made = secrets.make(draft.nowMillis());
    draft.put(user(Ids.next(Kind.USER.idPrefix()), draft.nowMillis(), made.key()));
    return new Accounts.AccessKey(made.key().id(), made.secretAccessKey());
  }

  private static User user(String id, long createdMillis, AccessKey key) {
    return new User(
        UserOperations.ADMINISTRATOR,
        "/",
        id,
        createdMillis,
        List.of(),
        List.of(key),
        Grants.NONE,
        Tags.NONE);
  }

  /**
   * Sees to it that the default account has one with a key, and its owner the file that tells it.
   */
  static void ensure(
      Directory directory, Account account, SecretKeys secrets, Store store, Path file)
      throws IOException, GeneralSecurityException {
    Optional<User> found = directory.require(account).user(UserOperations.ADMINISTRATOR);
    if (found.isPresent() && Files.exists(file)) {
      return;
    }
    if (found.isEmpty()) {
      directory
          .apply(
              account,
              draft -> {
                Optional<User> earlier = earlier(store, account, draft.nowMillis());
                if (earlier.isPresent()) {
                  draft.put(earlier.get());
                } else {
                  make(draft, secrets);
                }
              })
          .toCompletableFuture()
          .join();
    }
    User user = directory.require(account).user(UserOperations.ADMINISTRATOR).orElseThrow();
    Optional<AccessKey> key = user.keys().stream().filter(AccessKey::active).findFirst();
    if (key.isPresent()) { // else they were put out of use on purpose
      write(file, key.get(), secrets);
    }
  }

  private static void write(Path file, AccessKey key, SecretKeys secrets)
      throws IOException, GeneralSecurityException {
    String secret = new String(secrets.secret(key), StandardCharsets.US_ASCII);
    String text = "AWS_ACCESS_KEY_ID=" + key.id() + "\nAWS_SECRET_ACCESS_KEY=" + secret + "\n";
    SecretFiles.write(file, text.getBytes(StandardCharsets.US_ASCII));
    LOG.info("event=admin-key-written file={}", file);
  }

  /** The administrator of a gateway that had no other users yet, with the key it had. */
  private static Optional<User> earlier(Store store, Account account, long nowMillis) {
    String prefix = account + "\0user\0" + UserOperations.ADMINISTRATOR + "\0";
    byte[] from = prefix.getBytes(StandardCharsets.UTF_8);
    byte[] to = from.clone();
    to[to.length - 1] = 1;
    return store.table(EARLIER_TABLE).range(from, to, 1, Table.Order.ASCENDING).stream()
        .findFirst()
        .map(
            row -> {
              ObjectNode node = Json.restored(1, row.value());
              AccessKey key =
                  new AccessKey(
                      node.path("id").asText(), true, nowMillis, node.path("secret").asText());
              return user(node.path("userId").asText(), nowMillis, key);
            });
  }
}
