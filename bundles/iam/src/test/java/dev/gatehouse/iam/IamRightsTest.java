package dev.gatehouse.iam;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.identity.Accounts;
import dev.gatehouse.api.identity.Decision;
import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.api.identity.Rights;
import java.nio.file.Path;
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
        ErrorCode.NO_SUCH_ENTITY,
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
    booted.refused(ErrorCode.INVALID_INPUT, () -> booted.iam.create("1", "short"));
    booted = new Booted(directory, booted.store, true);
    assertThat(booted.signer(key.accessKeyId(), null)).isPresent();
    assertThat(booted.iam.find("210987654321")).isPresent();
  }
}
