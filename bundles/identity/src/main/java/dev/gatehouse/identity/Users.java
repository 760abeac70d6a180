package dev.gatehouse.identity;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.api.identity.SigningKeys.SigningKey;
import dev.gatehouse.api.store.Batch;
import dev.gatehouse.api.store.Store;
import dev.gatehouse.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** IAM users' access keys. For now there is one user, the administrator made at first boot. */
final class Users {
  static final String ADMINISTRATOR = "admin";
  private static final Logger LOG = LoggerFactory.getLogger(Users.class);
  private static final String TABLE = "identity.access-keys";
  private static final int FORMAT = 1;
  private static final String BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Store store;
  private final Seal seal;

  Users(Store store, Seal seal) {
    this.store = store;
    this.seal = seal;
  }

  /** Sees to it that the administrator has a key, and its owner the file that tells it. */
  void ensureAdministrator(Account account, Path file)
      throws IOException, GeneralSecurityException {
    Optional<ObjectNode> found = administrator(account);
    if (found.isEmpty()) {
      make(account);
      found = administrator(account);
    }
    if (!Files.exists(file)) {
      ObjectNode node = found.orElseThrow();
      String secret =
          new String(
              seal.open(Base64.getDecoder().decode(node.get("secret").asText())),
              StandardCharsets.US_ASCII);
      SecretFiles.write(
          file,
          ("AWS_ACCESS_KEY_ID="
                  + node.get("id").asText()
                  + "\nAWS_SECRET_ACCESS_KEY="
                  + secret
                  + "\n")
              .getBytes(StandardCharsets.US_ASCII));
      LOG.info("event=admin-key-written file={}", file);
    }
  }

  private Optional<ObjectNode> administrator(Account account) {
    byte[] prefix = Keys.of(account, "user", ADMINISTRATOR, "");
    return store
        .table(TABLE)
        .range(prefix, Keys.end(prefix), 1, dev.gatehouse.api.store.Table.Order.ASCENDING)
        .stream()
        .findFirst()
        .map(row -> Json.restored(FORMAT, row.value()));
  }

  private void make(Account account) throws GeneralSecurityException {
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

  /** The key derived for a scope, if there is such an access key. */
  Optional<SigningKey> signingKey(String accessKeyId, String date, String region, String service) {
    return store
        .table(TABLE)
        .get(byId(accessKeyId))
        .map(value -> Json.restored(FORMAT, value))
        .map(node -> derive(node, date, region, service));
  }

  private SigningKey derive(ObjectNode node, String date, String region, String service) {
    try {
      byte[] secret = seal.open(Base64.getDecoder().decode(node.get("secret").asText()));
      Account account = new Account(node.get("account").asText(), node.get("region").asText());
      return new SigningKey(
          new Principal.User(account, node.get("user").asText(), node.get("userId").asText()),
          SigV4Key.derive(secret, date, region, service));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("an access key cannot be opened", e);
    }
  }
}
