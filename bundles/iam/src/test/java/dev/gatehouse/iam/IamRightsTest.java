package dev.gatehouse.iam;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.identity.Accounts;
import dev.gatehouse.api.identity.Decision;
import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.api.identity.Rights;
import dev.gatehouse.api.identity.SigningKeys;
import dev.gatehouse.iam.service.IamErrors;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IamRightsTest {
  private static final String TOPIC = "arn:aws:iot:us-east-1:123456789012:topic/a";

  @TempDir private Path directory;
  private Booted booted;
  private Principal anna;
  private Rights rights;

  @BeforeEach
  void boot() throws Exception {
    booted = new Booted(directory);
    booted.call("CreateUser", "UserName", "anna");
    anna = booted.principal(Booted.ACCOUNT, "anna");
    rights = booted.iam.rights(anna, () -> Map.of("aws:SourceIp", "192.0.2.1"));
  }

  private void inline(String document) {
    booted.call("PutUserPolicy", "UserName", "anna", "PolicyName", "p", "PolicyDocument", document);
  }

  private static String conditional(String effect, String operator, String key, String value) {
    return Booted.statement(effect, "iot:Publish", "*")
        .replace(
            "\"Resource\"",
            "\"Condition\": {\"%s\": {\"%s\": \"%s\"}}, \"Resource\""
                .formatted(operator, key, value));
  }

  @Test
  void sessionsThatWereIssuedBeforeATimeAreRevoked() {
    booted.call(
        "AttachUserPolicy",
        "UserName",
        "anna",
        "PolicyArn",
        "arn:aws:iam::aws:policy/AWSIoTDataAccess");
    inline(conditional("Deny", "DateLessThan", "aws:TokenIssueTime", "2027-03-01T12:00:00Z"));
    assertThat(issued("2027-03-01T11:59:59Z")).isEqualTo(Decision.EXPLICITLY_DENIED);
    assertThat(issued("2027-03-01T12:00:00Z")).isEqualTo(Decision.ALLOWED);
    assertThat(publish()).as("a key of one's own was not issued").isEqualTo(Decision.ALLOWED);
  }

  private Decision issued(String time) {
    return booted
        .iam
        .rights(anna, () -> Map.of("aws:TokenIssueTime", time))
        .decide("iot:Publish", TOPIC);
  }

  @Test
  void theKeyOfASessionTellsWhenItWasIssued() {
    booted.call(
        "CreateRole",
        "RoleName",
        "r",
        "AssumeRolePolicyDocument",
        Booted.trust("\"AWS\":\"arn:aws:iam::123456789012:user/anna\""));
    JsonNode credentials =
        booted
            .as(
                anna,
                "AssumeRole",
                "RoleArn",
                "arn:aws:iam::123456789012:role/r",
                "RoleSessionName",
                "visit")
            .path("Credentials");
    booted.clock.advance(Duration.ofMinutes(1));
    assertThat(
            booted
                .iam
                .signingKey(
                    credentials.path("AccessKeyId").asText(),
                    "20270301",
                    "us-east-1",
                    "iot",
                    credentials.path("SessionToken").asText())
                .flatMap(SigningKeys.SigningKey::issued))
        .contains(Booted.NOW);
  }

  @Test
  void timeIsAskedForAtEachDecisionAndNoAnswerIsKept() {
    inline(conditional("Allow", "DateLessThan", "aws:CurrentTime", "2027-03-01T12:00:10Z"));
    assertThat(publish()).isEqualTo(Decision.ALLOWED);
    long before = rights.revision();
    booted.clock.advance(Duration.ofSeconds(10));
    assertThat(rights.revision()).isNotEqualTo(before);
    assertThat(publish()).isEqualTo(Decision.IMPLICITLY_DENIED);
  }

  @Test
  void policiesAskWhoTheCallerIs() {
    booted.call("UpdateUser", "UserName", "anna", "NewPath", "/ops/");
    booted.call(
        "TagUser", "UserName", "anna", "Tags.member.1.Key", "team", "Tags.member.1.Value", "red");
    inline(
        conditional(
            "Allow", "ArnEquals", "aws:PrincipalArn", "arn:aws:iam::123456789012:user/ops/anna"));
    assertThat(publish()).isEqualTo(Decision.ALLOWED);
    inline(conditional("Allow", "StringEquals", "aws:PrincipalTag/team", "red"));
    assertThat(publish()).isEqualTo(Decision.ALLOWED);
    booted.call("UntagUser", "UserName", "anna", "TagKeys.member.1", "team");
    assertThat(publish()).isEqualTo(Decision.IMPLICITLY_DENIED);
  }

  @Test
  void aDocumentThatOnlySeemsToDenyIsRefusedByTheNameOfItsKey() {
    assertThat(
            booted.refused(
                IamErrors.MALFORMED_POLICY_DOCUMENT,
                () -> inline(conditional("Deny", "StringEquals", "aws:ResourceTag/floor", "1"))))
        .hasMessageContaining("'aws:ResourceTag/floor'");
    inline(conditional("Allow", "StringEquals", "aws:ResourceTag/floor", "1"));
    assertThat(publish()).isEqualTo(Decision.IMPLICITLY_DENIED);
    assertThat(
            booted.refused(
                IamErrors.MALFORMED_POLICY_DOCUMENT,
                () ->
                    inline(
                        Booted.allow("iot:Publish", "*")
                            .replace("\"Effect\"", "\"Principal\": \"*\", \"Effect\""))))
        .hasMessageContaining("Principal");
  }

  @Test
  void whichPolicyIsAttachedCanBeAskedFor() {
    inline(
        Booted.allow("iam:AttachUserPolicy", "*")
            .replace(
                "\"Resource\"",
                "\"Condition\": {\"ArnNotEquals\": {\"iam:PolicyARN\":"
                    + " \"arn:aws:iam::aws:policy/AdministratorAccess\"}}, \"Resource\""));
    String data = "arn:aws:iam::aws:policy/AWSIoTDataAccess";
    booted.as(anna, "AttachUserPolicy", "UserName", "anna", "PolicyArn", data);
    String all = "arn:aws:iam::aws:policy/AdministratorAccess";
    booted.refused(
        ErrorCode.ACCESS_DENIED,
        () -> booted.as(anna, "AttachUserPolicy", "UserName", "anna", "PolicyArn", all));
  }

  @Test
  void aPolicyOnOneselfHoldsForCallsThatNameNobody() {
    inline(Booted.allow("iam:*AccessKey*", "arn:aws:iam::*:user/${aws:username}"));
    booted.as(anna, "CreateAccessKey");
    assertThat(booted.as(anna, "ListAccessKeys").path("AccessKeyMetadata")).hasSize(1);
    booted.refused(
        ErrorCode.ACCESS_DENIED, () -> booted.as(anna, "CreateAccessKey", "UserName", "admin"));
  }

  @Test
  void aDenyHoldsForANameInAnyCase() {
    booted.call("CreateUser", "UserName", "bert");
    inline(
        "{\"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"*\", \"Resource\": \"*\"},"
            + "{\"Effect\": \"Deny\", \"Action\": \"*\","
            + " \"Resource\": \"arn:aws:iam::123456789012:user/bert\"}]}");
    for (String name : List.of("bert", "BERT", "Bert")) {
      booted.refused(
          ErrorCode.ACCESS_DENIED, () -> booted.as(anna, "CreateAccessKey", "UserName", name));
    }
    booted.refused(
        ErrorCode.ACCESS_DENIED,
        () -> booted.as(anna, "UpdateUser", "UserName", "anna", "NewUserName", "bert"));
  }

  private Decision publish() {
    return rights.decide("iot:Publish", TOPIC);
  }

  @Test
  void aUserHasItsOwnPoliciesAndThoseOfItsGroupsAndADenyWins() {
    assertThat(publish()).isEqualTo(Decision.IMPLICITLY_DENIED);
    long before = rights.revision();
    booted.call(
        "AttachUserPolicy",
        "UserName",
        "anna",
        "PolicyArn",
        "arn:aws:iam::aws:policy/AWSIoTDataAccess");
    assertThat(rights.revision()).isNotEqualTo(before);
    assertThat(publish()).isEqualTo(Decision.ALLOWED);
    assertThat(rights.decide("iot:CreateThing", "*")).isEqualTo(Decision.IMPLICITLY_DENIED);
    booted.call("CreateGroup", "GroupName", "g");
    booted.call("AddUserToGroup", "UserName", "anna", "GroupName", "g");
    booted.call(
        "PutGroupPolicy",
        "GroupName",
        "g",
        "PolicyName",
        "p",
        "PolicyDocument",
        Booted.statement("Deny", "iot:Publish", TOPIC));
    assertThat(publish()).isEqualTo(Decision.EXPLICITLY_DENIED);
    booted.call("RemoveUserFromGroup", "UserName", "anna", "GroupName", "g");
    assertThat(publish()).isEqualTo(Decision.ALLOWED);
  }

  @Test
  void aUserMadeAnewUnderTheSameNameIsAnother() {
    booted.call(
        "PutUserPolicy",
        "UserName",
        "anna",
        "PolicyName",
        "p",
        "PolicyDocument",
        Booted.allow("*", "*"));
    assertThat(publish()).isEqualTo(Decision.ALLOWED);
    List<Principal> gone = new ArrayList<>();
    booted.iam.addObserver((principal, reason) -> gone.add(principal));
    booted.call("DeleteUserPolicy", "UserName", "anna", "PolicyName", "p");
    booted.call("DeleteUser", "UserName", "anna");
    assertThat(gone).containsExactly(anna);
    booted.call("CreateUser", "UserName", "anna");
    booted.call(
        "PutUserPolicy",
        "UserName",
        "anna",
        "PolicyName",
        "p",
        "PolicyDocument",
        Booted.allow("*", "*"));
    assertThat(publish()).isEqualTo(Decision.IMPLICITLY_DENIED);
  }

  @Test
  void variablesSayWhoItIs() {
    booted.call(
        "PutUserPolicy",
        "UserName",
        "anna",
        "PolicyName",
        "p",
        "PolicyDocument",
        """
        {"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"iot:Publish",
         "Resource":"arn:aws:iot:us-east-1:123456789012:topic/${aws:username}",
         "Condition":{"IpAddress":{"aws:SourceIp":"192.0.2.0/24"}}}}""");
    assertThat(publish()).isEqualTo(Decision.IMPLICITLY_DENIED);
    assertThat(rights.decide("iot:Publish", TOPIC.replace("/a", "/anna")))
        .isEqualTo(Decision.ALLOWED);
  }

  @Test
  void operationsOfIamAreAuthorisedOnTheArnOfWhatTheyAreAbout() {
    booted.call(
        "PutUserPolicy",
        "UserName",
        "anna",
        "PolicyName",
        "p",
        "PolicyDocument",
        Booted.allow("iam:GetUser", "arn:aws:iam::123456789012:user/home/*"));
    booted.call("CreateUser", "UserName", "bea", "Path", "/home/");
    assertThat(booted.as(anna, "GetUser", "UserName", "bea").at("/User/UserName").asText())
        .isEqualTo("bea");
    booted.refused(ErrorCode.ACCESS_DENIED, () -> booted.as(anna, "GetUser", "UserName", "anna"));
    booted.refused(ErrorCode.ACCESS_DENIED, () -> booted.as(anna, "CreateUser", "UserName", "c"));
  }

  @Test
  void accountsHaveAnAdministratorEachAndSeeNothingOfEachOther() {
    Accounts.AccessKey key =
        booted.iam.create("210987654321", "second").toCompletableFuture().join();
    Principal other = booted.signer(key.accessKeyId(), null).orElseThrow();
    Account second = new Account("210987654321", "us-east-1");
    assertThat(other.account()).isEqualTo(second);
    assertThat(booted.iam.list())
        .containsExactly(
            new Accounts.Listed(Booted.ACCOUNT, "default"), new Accounts.Listed(second, "second"));
    assertThat(booted.as(other, "ListUsers").get("Users").findValuesAsText("UserName"))
        .containsExactly("admin");
    booted.as(other, "CreateUser", "UserName", "anna");
    Principal theirs = booted.principal(second, "anna");
    booted.as(
        other,
        "PutUserPolicy",
        "UserName",
        "anna",
        "PolicyName",
        "p",
        "PolicyDocument",
        Booted.allow("*", "*"));
    assertThat(booted.iam.rights(theirs, Map::of).decide("iot:Publish", TOPIC).allowed()).isTrue();
    assertThat(publish()).isEqualTo(Decision.IMPLICITLY_DENIED);
    booted.refused(
        IamErrors.NO_SUCH_ENTITY,
        () ->
            booted.as(
                other,
                "AttachUserPolicy",
                "UserName",
                "anna",
                "PolicyArn",
                booted
                    .call(
                        "CreatePolicy", "PolicyName", "p", "PolicyDocument", Booted.allow("*", "*"))
                    .at("/Policy/Arn")
                    .asText()));
  }

  @Test
  void anAccountIsMadeOnceAndKept() throws Exception {
    Accounts.AccessKey key =
        booted.iam.create("210987654321", "second").toCompletableFuture().join();
    assertThat(booted.iam.create("210987654321", "again").toCompletableFuture())
        .isCompletedExceptionally();
    booted.refused(IamErrors.INVALID_INPUT, () -> booted.iam.create("1", "short"));
    booted = new Booted(directory, booted.store, true);
    assertThat(booted.signer(key.accessKeyId(), null)).isPresent();
    assertThat(booted.iam.find("210987654321")).isPresent();
  }
}
