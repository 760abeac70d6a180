package dev.gatehouse.identity;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.api.identity.SigningKeys.SigningKey;
import dev.gatehouse.api.store.Batch;
import dev.gatehouse.api.store.Store;
import dev.gatehouse.api.store.Table;
import dev.gatehouse.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * IAM users' access keys, in memory as they are in the store: sealed. For now there is one user,
 * the administrator made at first boot.
 */
final class Users {
  static final String ADMINISTRATOR = "admin";
  private static final Logger LOG = LoggerFactory.getLogger(Users.class);
  private static final String TABLE = "identity.access-keys";
  private static final int FORMAT = 1;
  private static final int PAGE = 100;
  private static final String BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Store store;
  private final Seal seal;
  private final Map<String, AccessKey> keys = new ConcurrentHashMap<>(); // by id
  private final AccessKey nobody;

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record AccessKey(Principal.User user, byte[] sealedSecret) {}

  /**
   * Opens the keys.
   *
   * @throws GeneralSecurityException if the file of the seal's key is missing or another one
   */
  Users(Store store, Path sealFile) throws IOException, GeneralSecurityException {
    this.store = store;
    this.seal = new Seal(sealFile, store.table(TABLE).size() > 0);
    Rows.forEach(
        store.table(TABLE),
        PAGE,
        row -> {
          ObjectNode node = Json.restored(FORMAT, row.value());
          keys.put(node.get("id").asText(), accessKey(node));
        });
    for (AccessKey key : keys.values()) {
      try {
        seal.open(key.sealedSecret());
      } catch (GeneralSecurityException e) {
        throw new GeneralSecurityException(
            sealFile + " is not the key that the store's access keys are sealed with; restore it",
            e);
      }
    }
    this.nobody =
        new AccessKey(
            new Principal.User(new Account("000000000000", "us-east-1"), "", ""),
            seal.close(new byte[40]));
  }

  private static AccessKey accessKey(ObjectNode node) {
    Account account = new Account(node.get("account").asText(), node.get("region").asText());
    return new AccessKey(
        new Principal.User(account, node.get("user").asText(), node.get("userId").asText()),
        Base64.getDecoder().decode(node.get("secret").asText()));
  }

  /** Sees to it that the administrator has a key, and its owner the file that tells it. */
  void ensureAdministrator(Account account, Path file)
      throws IOException, GeneralSecurityException {
    Optional<ObjectNode> found = administrator(account);
    if (found.isPresent() && Files.exists(file)) {
      return;
    }
    ObjectNode node = found.isPresent() ? found.get() : make(account);
    byte[] secret = seal.open(accessKey(node).sealedSecret());
    SecretFiles.write(
        file,
        ("AWS_ACCESS_KEY_ID="
                + node.get("id").asText()
                + "\nAWS_SECRET_ACCESS_KEY="
                + new String(secret, StandardCharsets.US_ASCII)
                + "\n")
            .getBytes(StandardCharsets.US_ASCII));
    LOG.info("event=admin-key-written file={}", file);
  }

  private Optional<ObjectNode> administrator(Account account) {
    byte[] prefix = Keys.of(account, "user", ADMINISTRATOR, "");
    return store.table(TABLE).range(prefix, Keys.end(prefix), 1, Table.Order.ASCENDING).stream()
        .findFirst()
        .map(row -> Json.restored(FORMAT, row.value()));
  }

  private ObjectNode make(Account account) throws GeneralSecurityException {
    String id = "AKIA" + random(16);
    byte[] bytes = new byte[30];
    RANDOM.nextBytes(bytes);
    String secret = Base64.getEncoder().encodeToString(bytes); // 40 characters
    ObjectNode node =
        Json.object()
            .put("id", id)
            .put("user", ADMINISTRATOR)
            .put("userId", "AIDA" + random(16))
            .put("account", account.id())
            .put("region", account.region())
            .put(
                "secret",
                Base64.getEncoder()
                    .encodeToString(seal.close(secret.getBytes(StandardCharsets.US_ASCII))));
    byte[] value = Json.stored(FORMAT, node);
    store
        .commit(
            new Batch()
                .put(TABLE, Keys.of(account, "user", ADMINISTRATOR, id), value)
                .put(TABLE, byId(id), value))
        .toCompletableFuture()
        .join();
    keys.put(id, accessKey(node));
    return node;
  }

  private static byte[] byId(String accessKeyId) {
    return ("id\0" + accessKeyId).getBytes(StandardCharsets.UTF_8);
  }

  private static String random(int length) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append(BASE32.charAt(RANDOM.nextInt(BASE32.length())));
    }
    return text.toString();
  }

  /**
   * The key derived for a scope, if there is such an access key. An unknown one costs the same
   * work, so that the time does not tell which exist; hence nothing derived is kept either.
   */
  Optional<SigningKey> signingKey(String accessKeyId, String date, String region, String service) {
    AccessKey key = keys.getOrDefault(accessKeyId, nobody);
    try {
      byte[] derived = SigV4Key.derive(seal.open(key.sealedSecret()), date, region, service);
      return Optional.of(new SigningKey(key.user(), derived))
          .filter(made -> keys.containsKey(accessKeyId));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("an access key cannot be opened", e);
    }
  }
}
