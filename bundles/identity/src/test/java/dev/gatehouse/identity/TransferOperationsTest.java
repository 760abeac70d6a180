package dev.gatehouse.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.identity.Authentication;
import dev.gatehouse.api.identity.Principal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TransferOperationsTest {
  private static final Account OTHER = new Account("210987654321", "us-east-1");

  @TempDir private Path directory;
  private Booted booted;
  private TestCa device;
  private String id;

  @BeforeEach
  void boot() throws Exception {
    booted = new Booted(directory);
    booted.identity.accounts(
        account ->
            List.of(Booted.ACCOUNT, OTHER).stream()
                .filter(a -> a.id().equals(account))
                .findFirst());
    device = TestCa.named("CN=device");
    id =
        booted
            .call("RegisterCertificateWithoutCA", Booted.body("certificatePem", device.pem()))
            .get("certificateId")
            .asText();
  }

  @AfterEach
  void stop() {
    booted.close();
  }

  private void assertFails(
      ErrorCode code, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            ServiceException.class, e -> assertThat(e.code()).as(e.getMessage()).isEqualTo(code));
  }

  private JsonNode transfer(String to) {
    return booted.call(
        "TransferCertificate",
        Booted.body("transferMessage", "for you"),
        "path.certificateId",
        id,
        "query.targetAwsAccount",
        to);
  }

  private JsonNode described(Account account) {
    return booted
        .callAs(account, "DescribeCertificate", "", "path.certificateId", id)
        .get("certificateDescription");
  }

  private JsonNode listed(Account account, String operation, String member) {
    return booted.callAs(account, operation, "").get(member);
  }

  private void end(Account account, String operation, String... query) {
    String[] all = new String[query.length + 2];
    all[0] = "path.certificateId";
    all[1] = id;
    System.arraycopy(query, 0, all, 2, query.length);
    booted.callAs(account, operation, "{\"rejectReason\": \"no room\"}", all);
  }

  @Test
  void aCertificateIsOfferedTakenAndThenAnothersAccount() throws Exception {
    assertThat(transfer(OTHER.id()).get("transferredCertificateArn").asText())
        .isEqualTo("arn:aws:iot:us-east-1:210987654321:cert/" + id);
    JsonNode outgoing = listed(Booted.ACCOUNT, "ListOutgoingCertificates", "outgoingCertificates");
    assertThat(outgoing).hasSize(1);
    assertThat(outgoing.get(0).get("transferredTo").asText()).isEqualTo(OTHER.id());
    assertThat(outgoing.get(0).get("transferMessage").asText()).isEqualTo("for you");
    JsonNode offered = listed(OTHER, "ListCertificates", "certificates");
    assertThat(offered).hasSize(1);
    assertThat(offered.get(0).get("status").asText()).isEqualTo("PENDING_TRANSFER");
    assertThat(described(OTHER).get("ownedBy").asText()).isEqualTo("123456789012");
    booted.clock.advance(Duration.ofMinutes(1));
    end(OTHER, "AcceptCertificateTransfer", "query.setAsActive", "true");
    assertFails(ErrorCode.RESOURCE_NOT_FOUND, () -> described(Booted.ACCOUNT));
    JsonNode now = described(OTHER);
    assertThat(now.get("ownedBy").asText()).isEqualTo(OTHER.id());
    assertThat(now.get("previousOwnedBy").asText()).isEqualTo("123456789012");
    assertThat(now.get("status").asText()).isEqualTo("ACTIVE");
    assertThat(now.at("/transferData/acceptDate").asDouble())
        .isEqualTo(now.at("/transferData/transferDate").asDouble() + 60);
    assertThat(listed(Booted.ACCOUNT, "ListCertificates", "certificates")).isEmpty();
    assertThat(listed(Booted.ACCOUNT, "ListOutgoingCertificates", "outgoingCertificates"))
        .isEmpty();
    assertThat(
            booted.identity.certificate(List.of(device.certificate)).toCompletableFuture().join())
        .isEqualTo(new Authentication.Accepted(new Principal.Certificate(OTHER, id)));
    assertFails(
        IdentityErrors.TRANSFER_ALREADY_COMPLETED, () -> end(OTHER, "AcceptCertificateTransfer"));
    booted.close();
    booted = new Booted(directory, booted.store, booted.clock, "");
    assertThat(booted.identity.exists(OTHER, id)).isTrue();
    assertThat(booted.identity.exists(Booted.ACCOUNT, id)).isFalse();
  }

  @Test
  void aRejectedOneGoesBackWithTheReason() {
    transfer(OTHER.id());
    end(OTHER, "RejectCertificateTransfer");
    JsonNode back = described(Booted.ACCOUNT);
    assertThat(back.get("status").asText()).isEqualTo("INACTIVE");
    assertThat(back.at("/transferData/rejectReason").asText()).isEqualTo("no room");
    assertThat(back.has("previousOwnedBy")).isFalse();
    assertThat(listed(OTHER, "ListCertificates", "certificates")).isEmpty();
    assertFails(
        IdentityErrors.TRANSFER_ALREADY_COMPLETED,
        () -> end(Booted.ACCOUNT, "CancelCertificateTransfer"));
    assertFails(
        IdentityErrors.TRANSFER_ALREADY_COMPLETED, () -> end(OTHER, "AcceptCertificateTransfer"));
    transfer(OTHER.id());
  }

  @Test
  void aCancelledOneIsNotOfferedAnyMore() {
    transfer(OTHER.id());
    end(Booted.ACCOUNT, "CancelCertificateTransfer");
    assertThat(described(Booted.ACCOUNT).get("transferData")).isEmpty();
    assertFails(ErrorCode.RESOURCE_NOT_FOUND, () -> end(OTHER, "AcceptCertificateTransfer"));
    assertFails(ErrorCode.RESOURCE_NOT_FOUND, () -> described(OTHER));
  }

  @Test
  void nobodyElseTouchesOneThatIsOnItsWay() {
    Account third = new Account("333333333333", "us-east-1");
    transfer(OTHER.id());
    assertFails(ErrorCode.RESOURCE_NOT_FOUND, () -> end(third, "AcceptCertificateTransfer"));
    assertFails(
        ErrorCode.RESOURCE_NOT_FOUND, () -> end(Booted.ACCOUNT, "AcceptCertificateTransfer"));
    assertFails(ErrorCode.RESOURCE_NOT_FOUND, () -> end(OTHER, "CancelCertificateTransfer"));
    assertFails(
        IdentityErrors.CERTIFICATE_STATE,
        () -> end(Booted.ACCOUNT, "UpdateCertificate", "query.newStatus", "ACTIVE"));
    assertFails(
        IdentityErrors.CERTIFICATE_STATE,
        () -> end(Booted.ACCOUNT, "DeleteCertificate", "query.forceDelete", "true"));
    assertFails(IdentityErrors.CERTIFICATE_STATE, () -> transfer(OTHER.id()));
    booted.policy("p", Booted.allow("*"));
    assertFails(
        ErrorCode.INVALID_REQUEST,
        () -> booted.attach("p", "arn:aws:iot:us-east-1:123456789012:cert/" + id));
  }

  @Test
  void onlyWhatIsInactiveAndUnattachedIsTransferred() {
    end(Booted.ACCOUNT, "UpdateCertificate", "query.newStatus", "ACTIVE");
    assertFails(IdentityErrors.CERTIFICATE_STATE, () -> transfer(OTHER.id()));
    end(Booted.ACCOUNT, "UpdateCertificate", "query.newStatus", "INACTIVE");
    booted.policy("p", Booted.allow("*"));
    booted.attach("p", "arn:aws:iot:us-east-1:123456789012:cert/" + id);
    assertFails(IdentityErrors.TRANSFER_CONFLICT, () -> transfer(OTHER.id()));
    assertFails(ErrorCode.RESOURCE_NOT_FOUND, () -> transfer("444444444444"));
    assertFails(ErrorCode.INVALID_REQUEST, () -> transfer("123456789012"));
    assertFails(ErrorCode.INVALID_REQUEST, () -> transfer("12"));
    assertFails(
        ErrorCode.INVALID_REQUEST,
        () ->
            booted.call(
                "TransferCertificate",
                Booted.body("transferMessage", "x".repeat(129)),
                "path.certificateId",
                id,
                "query.targetAwsAccount",
                OTHER.id()));
  }

  @Test
  void anothersCertificateIsNotRegisteredTwice() {
    assertThatThrownBy(
            () ->
                booted.callAs(
                    OTHER,
                    "RegisterCertificateWithoutCA",
                    Booted.body("certificatePem", device.pem())))
        .isInstanceOfSatisfying(
            ServiceException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.RESOURCE_ALREADY_EXISTS);
              assertThat(e.members()).containsOnlyKeys("resourceId");
            });
  }
}
