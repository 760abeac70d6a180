package dev.gatehouse.iam;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.identity.Accounts;
import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.iam.service.IamErrors;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StsTest {
  private static final String ROLE = "arn:aws:iam::123456789012:role/r";

  @TempDir private Path directory;
  private Booted booted;
  private Principal anna;

  @BeforeEach
  void boot() throws Exception {
    booted = new Booted(directory);
    booted.call("CreateUser", "UserName", "anna");
    anna = booted.principal(Booted.ACCOUNT, "anna");
  }

  private void role(String trust) {
    booted.call("CreateRole", "RoleName", "r", "AssumeRolePolicyDocument", trust);
    booted.call(
        "PutRolePolicy",
        "RoleName",
        "r",
        "PolicyName",
        "p",
        "PolicyDocument",
        Booted.allow("iot:Publish", "*"));
  }

  private JsonNode assume(Principal caller, String... more) {
    String[] parameters = new String[more.length + 4];
    System.arraycopy(more, 0, parameters, 4, more.length);
    parameters[0] = "RoleArn";
    parameters[1] = ROLE;
    parameters[2] = "RoleSessionName";
    parameters[3] = "visit";
    return booted.as(caller, "AssumeRole", parameters);
  }

  private void mayAssume() {
    booted.call(
        "PutUserPolicy",
        "UserName",
        "anna",
        "PolicyName",
        "assume",
        "PolicyDocument",
        Booted.allow("sts:AssumeRole", ROLE));
  }

  @Test
  void whoeverIsKnownMayAskWhoItIs() {
    JsonNode said = booted.as(anna, "GetCallerIdentity");
    assertThat(said.get("Arn").asText()).isEqualTo("arn:aws:iam::123456789012:user/anna");
    assertThat(said.get("Account").asText()).isEqualTo("123456789012");
    assertThat(said.get("UserId").asText()).isEqualTo(anna.id());
  }

  @Test
  void aSessionHasTheRoleRightsUntilItEnds() {
    role(Booted.trust("\"AWS\":\"arn:aws:iam::123456789012:user/anna\""));
    JsonNode answer = assume(anna, "DurationSeconds", "900");
    assertThat(answer.at("/AssumedRoleUser/Arn").asText())
        .isEqualTo("arn:aws:sts::123456789012:assumed-role/r/visit");
    String key = answer.at("/Credentials/AccessKeyId").asText();
    String token = answer.at("/Credentials/SessionToken").asText();
    Principal session = booted.signer(key, token).orElseThrow();
    assertThat(session.id()).matches("AROA[A-Z2-7]{16}:visit");
    assertThat(booted.iam.rights(session, Map::of).decide("iot:Publish", "*").allowed()).isTrue();
    assertThat(booted.iam.rights(session, Map::of).decide("iot:Connect", "*").allowed()).isFalse();
    assertThat(booted.signer(key, null)).isEmpty();
    assertThat(booted.signer("ASIAOTHER", token)).isEmpty();
    booted.clock.advance(Duration.ofSeconds(899));
    assertThat(booted.signer(key, token)).isPresent();
    booted.clock.advance(Duration.ofSeconds(1));
    booted.refused(ErrorCode.EXPIRED_TOKEN, () -> booted.signer(key, token));
  }

  @Test
  void aSessionOutlivesARestartButNotItsRole() throws Exception {
    role(Booted.trust("\"AWS\":\"arn:aws:iam::123456789012:user/anna\""));
    JsonNode answer = assume(anna);
    String key = answer.at("/Credentials/AccessKeyId").asText();
    String token = answer.at("/Credentials/SessionToken").asText();
    booted = new Booted(directory, booted.store, true);
    assertThat(booted.signer(key, token)).isPresent();
    booted.call("DeleteRolePolicy", "RoleName", "r", "PolicyName", "p");
    booted.call("DeleteRole", "RoleName", "r");
    role(Booted.trust("\"AWS\":\"arn:aws:iam::123456789012:user/anna\""));
    assertThat(booted.signer(key, token)).isEmpty();
  }

  @Test
  void theRoleMustTrustAndItsAccountAloneDoesNotSuffice() {
    role(Booted.TRUST_IOT);
    mayAssume();
    booted.refused(ErrorCode.ACCESS_DENIED, () -> assume(anna));
    booted.call(
        "UpdateAssumeRolePolicy",
        "RoleName",
        "r",
        "PolicyDocument",
        Booted.trust("\"AWS\":\"arn:aws:iam::123456789012:root\""));
    assertThat(assume(anna).has("Credentials")).isTrue();
    booted.call("DeleteUserPolicy", "UserName", "anna", "PolicyName", "assume");
    booted.refused(ErrorCode.ACCESS_DENIED, () -> assume(anna));
  }

  @Test
  void conditionsOfATrustPolicyHold() {
    role(
        """
        {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},
         "Action":"sts:AssumeRole","Condition":{"StringEquals":{"sts:ExternalId":"42"}}}]}""");
    mayAssume();
    booted.refused(ErrorCode.ACCESS_DENIED, () -> assume(anna));
    assertThat(assume(anna, "ExternalId", "42").has("Credentials")).isTrue();
  }

  @Test
  void aRoleOfAnotherAccountIsTakenWhenBothSidesAllowIt() {
    Account second = new Account("210987654321", "us-east-1");
    Accounts.AccessKey key = booted.iam.create(second.id(), "second").toCompletableFuture().join();
    Principal other = booted.signer(key.accessKeyId(), null).orElseThrow();
    role(Booted.TRUST_IOT);
    booted.refused(ErrorCode.ACCESS_DENIED, () -> assume(other));
    booted.call(
        "UpdateAssumeRolePolicy",
        "RoleName",
        "r",
        "PolicyDocument",
        Booted.trust("\"AWS\":\"" + second.id() + "\""));
    JsonNode answer = assume(other);
    Principal session =
        booted
            .signer(
                answer.at("/Credentials/AccessKeyId").asText(),
                answer.at("/Credentials/SessionToken").asText())
            .orElseThrow();
    assertThat(session.account()).isEqualTo(Booted.ACCOUNT);
    booted.as(other, "CreateUser", "UserName", "bea");
    Principal bea = booted.principal(second, "bea");
    booted.refused(ErrorCode.ACCESS_DENIED, () -> assume(bea));
  }

  @Test
  void wrongParametersAreNamed() {
    role(Booted.trust("\"AWS\":\"arn:aws:iam::123456789012:user/anna\""));
    booted.refused(IamErrors.INVALID_INPUT, () -> assume(anna, "DurationSeconds", "3601"));
    booted.refused(IamErrors.INVALID_INPUT, () -> assume(anna, "RoleSessionName", "x y"));
    booted.refused(IamErrors.INVALID_INPUT, () -> assume(anna, "RoleArn", "r"));
    booted.refused(ErrorCode.NOT_IMPLEMENTED, () -> assume(anna, "Tags.member.1.Key", "k"));
    booted.refused(
        ErrorCode.ACCESS_DENIED, () -> assume(anna, "RoleArn", ROLE.replace("role/r", "role/s")));
  }
}
