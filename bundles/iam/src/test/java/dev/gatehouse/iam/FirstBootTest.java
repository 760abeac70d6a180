package dev.gatehouse.iam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.api.identity.SigningKeys.SigningKey;
import dev.gatehouse.api.store.Batch;
import dev.gatehouse.api.store.Table;
import dev.gatehouse.iam.session.Seal;
import dev.gatehouse.iam.session.SigV4Key;
import dev.gatehouse.json.Json;
import dev.gatehouse.testkit.InMemoryStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FirstBootTest {
  @TempDir private Path directory;

  /** AWS General Reference, "Examples of how to derive a signing key for Signature Version 4". */
  @Test
  void theKeyIsDerivedAsAwsPublishesIt() throws Exception {
    byte[] secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY".getBytes(StandardCharsets.US_ASCII);
    assertThat(HexFormat.of().formatHex(SigV4Key.derive(secret, "20120215", "us-east-1", "iam")))
        .isEqualTo("f4780e2d9f65fa895f9c67b32ce1baf0b0d8a43505a000a1a9e090d414db404d");
    assertThat(HexFormat.of().formatHex(SigV4Key.derive(secret, "20150830", "us-east-1", "iam")))
        .isEqualTo("c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9");
  }

  private Map<String, String> administrator() throws Exception {
    return Files.readAllLines(directory.resolve("secrets/admin.env")).stream()
        .map(line -> line.split("=", 2))
        .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
  }

  @Test
  void theAdministratorsKeyIsFoundAlsoAfterARestart() throws Exception {
    Booted first = new Booted(directory);
    Booted booted = new Booted(directory, first.store, true);
    SigningKey key =
        booted
            .iam
            .signingKey(
                administrator().get("AWS_ACCESS_KEY_ID"), "20270301", "us-east-1", "iot", null)
            .orElseThrow();
    assertThat(key.key())
        .isEqualTo(
            SigV4Key.derive(
                administrator().get("AWS_SECRET_ACCESS_KEY").getBytes(StandardCharsets.US_ASCII),
                "20270301",
                "us-east-1",
                "iot"));
    assertThat(key.principal())
        .isInstanceOfSatisfying(
            Principal.User.class,
            user -> {
              assertThat(user.arn()).hasToString("arn:aws:iam::123456789012:user/admin");
              assertThat(user.userId()).matches("AIDA[A-Z2-7]{16}");
            });
    assertThat(booted.iam.rights(key.principal(), Map::of).decide("iot:Any", "*").allowed())
        .isTrue();
  }

  @Test
  void filesAreForTheirOwnerOnlyAndHaveTheFormOfAwsKeys() throws Exception {
    new Booted(directory);
    for (String name : new String[] {"admin.env", "seal.key"}) {
      assertThat(Files.getPosixFilePermissions(directory.resolve("secrets").resolve(name)))
          .as(name)
          .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }
    assertThat(Files.readString(directory.resolve("secrets/admin.env")))
        .matches("AWS_ACCESS_KEY_ID=AKIA[A-Z2-7]{16}\nAWS_SECRET_ACCESS_KEY=[A-Za-z0-9/+]{40}\n");
  }

  @Test
  void theAdministratorsFileIsWrittenAgainWithTheSameSecret() throws Exception {
    InMemoryStore store = new Booted(directory).store;
    Path file = directory.resolve("secrets/admin.env");
    String before = Files.readString(file);
    Files.delete(file);
    new Booted(directory, store, true);
    assertThat(file).hasContent(before);
  }

  @Test
  void anAdministratorOfAnEarlierVersionKeepsItsKey() throws Exception {
    InMemoryStore store = new InMemoryStore();
    Files.createDirectories(directory.resolve("secrets"));
    Seal seal = new Seal(directory.resolve("secrets/seal.key"), false);
    byte[] secret = "a".repeat(40).getBytes(StandardCharsets.US_ASCII);
    byte[] row =
        Json.stored(
            1,
            Json.object()
                .put("id", "AKIAEARLIER")
                .put("user", "admin")
                .put("userId", "AIDAEARLIER")
                .put("secret", Base64.getEncoder().encodeToString(seal.close(secret))));
    String key = Booted.ACCOUNT + "\0user\0admin\0AKIAEARLIER";
    store.commit(
        new Batch().put("identity.access-keys", key.getBytes(StandardCharsets.UTF_8), row));
    Booted booted = new Booted(directory, store, true);
    assertThat(booted.signer("AKIAEARLIER", null))
        .hasValueSatisfying(who -> assertThat(who.id()).isEqualTo("AIDAEARLIER"));
    assertThat(administrator().get("AWS_SECRET_ACCESS_KEY")).isEqualTo("a".repeat(40));
  }

  @Test
  void anUnknownKeyAndATokenThatDoesNotGoWithItAreRefused() throws Exception {
    Booted booted = new Booted(directory);
    String id = administrator().get("AWS_ACCESS_KEY_ID");
    assertThat(booted.signer("AKIAX", null)).isEmpty();
    for (String token : new String[] {"token", "", "AAAA", "A".repeat(5000)}) {
      assertThat(booted.signer(id, token)).isEmpty();
    }
  }

  @Test
  void theSecretIsNotReadableInTheStore() throws Exception {
    Booted booted = new Booted(directory);
    String secret = administrator().get("AWS_SECRET_ACCESS_KEY");
    var rows = booted.store.table("iam.entities").range(null, null, 10, Table.Order.ASCENDING);
    assertThat(rows).hasSize(1);
    assertThat(new String(rows.get(0).value(), StandardCharsets.ISO_8859_1))
        .contains("admin")
        .doesNotContain(secret);
  }

  @Test
  void aMissingDamagedOrForeignSealIsNamedAndNotReplaced() throws Exception {
    InMemoryStore store = new Booted(directory).store;
    Path file = directory.resolve("secrets/seal.key");
    byte[] content = Files.readAllBytes(file);
    Files.delete(file);
    assertThatThrownBy(() -> new Booted(directory, store, true))
        .hasMessageContaining("seal.key is missing");
    assertThat(file).doesNotExist();
    Files.write(file, java.util.Arrays.copyOf(content, 16));
    assertThatThrownBy(() -> new Booted(directory, store, true))
        .hasMessageContaining("seal.key is damaged");
    byte[] other = new byte[32];
    new SecureRandom().nextBytes(other);
    Files.write(file, other);
    assertThatThrownBy(() -> new Booted(directory, store, true))
        .hasMessageContaining("seal.key is not the key");
  }
}
