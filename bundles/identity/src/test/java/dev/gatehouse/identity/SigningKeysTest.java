package dev.gatehouse.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.api.identity.SigningKeys.SigningKey;
import dev.gatehouse.api.store.Table;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SigningKeysTest {
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
    first.close();
    try (Booted booted = new Booted(directory, first.store, first.clock, "")) {
      SigningKey key =
          booted
              .identity
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
                assertThat(user.account()).isEqualTo(Booted.ACCOUNT);
                assertThat(user.arn()).hasToString("arn:aws:iam::123456789012:user/admin");
                assertThat(user.userId()).matches("AIDA[A-Z2-7]{16}");
              });
      assertThat(booted.identity.rights(key.principal(), Map.of()).decide("iot:Any", "*").allowed())
          .isTrue();
    }
  }

  @Test
  void anUnknownKeyAndATokenAreRefused() throws Exception {
    try (Booted booted = new Booted(directory)) {
      assertThat(booted.identity.signingKey("AKIAX", "20270301", "us-east-1", "iot", null))
          .isEmpty();
      assertThat(
              booted.identity.signingKey(
                  administrator().get("AWS_ACCESS_KEY_ID"),
                  "20270301",
                  "us-east-1",
                  "iot",
                  "token"))
          .isEmpty();
    }
  }

  @Test
  void theSecretIsNotReadableInTheStore() throws Exception {
    try (Booted booted = new Booted(directory)) {
      String secret = administrator().get("AWS_SECRET_ACCESS_KEY");
      var rows =
          booted.store.table("identity.access-keys").range(null, null, 10, Table.Order.ASCENDING);
      assertThat(rows).hasSize(2);
      for (Table.Row row : rows) {
        assertThat(new String(row.value(), StandardCharsets.ISO_8859_1)).doesNotContain(secret);
      }
    }
  }
}
