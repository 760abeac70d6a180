package dev.gatehouse.iam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.api.identity.PrincipalObserver;
import dev.gatehouse.api.store.Batch;
import dev.gatehouse.api.store.StoreUnavailableException;
import dev.gatehouse.api.store.Table;
import dev.gatehouse.iam.service.IamErrors;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class IamOperationsTest extends BootedTest {
  private static final String DATA = "arn:aws:iam::aws:policy/AWSIoTDataAccess";

  @Test
  void usersAreCreatedShownRenamedListedAndDeleted() throws Exception {
    JsonNode user = call("CreateUser", "UserName", "anna", "Path", "/home/").get("User");
    assertThat(user.get("Arn").asText()).isEqualTo("arn:aws:iam::123456789012:user/home/anna");
    assertThat(user.get("UserId").asText()).matches("AIDA[A-Z2-7]{16}");
    assertThat(user.get("CreateDate").asText()).isEqualTo("2027-03-01T12:00:00Z");
    refused(IamErrors.ENTITY_ALREADY_EXISTS, "CreateUser", "UserName", "ANNA");
    refused(IamErrors.INVALID_INPUT, "CreateUser", "UserName", "a b");
    refused(IamErrors.INVALID_INPUT, "CreateUser", "UserName", "b", "Path", "x");
    refused(IamErrors.INVALID_INPUT, "CreateUser");
    call("UpdateUser", "UserName", "anna", "NewUserName", "bea", "NewPath", "/");
    refused(IamErrors.NO_SUCH_ENTITY, "GetUser", "UserName", "anna");
    booted = new Booted(directory, booted.store, true);
    assertThat(call("GetUser", "UserName", "bea").at("/User/UserId")).isEqualTo(user.get("UserId"));
    assertThat(call("ListUsers").get("Users").findValuesAsText("UserName"))
        .containsExactly("admin", "bea");
    call("DeleteUser", "UserName", "bea");
    refused(IamErrors.NO_SUCH_ENTITY, "DeleteUser", "UserName", "bea");
  }

  @Test
  void aBoundaryIsRefusedRatherThanLeftOut() {
    String boundary = "arn:aws:iam::aws:policy/AWSIoTDataAccess";
    refused(
        ErrorCode.NOT_IMPLEMENTED,
        "CreateUser",
        "UserName",
        "anna",
        "PermissionsBoundary",
        boundary);
    refused(IamErrors.NO_SUCH_ENTITY, "GetUser", "UserName", "anna");
    refused(
        ErrorCode.NOT_IMPLEMENTED,
        "CreateRole",
        "RoleName",
        "r",
        "AssumeRolePolicyDocument",
        Booted.trust("\"AWS\":\"000000000000\""),
        "PermissionsBoundary",
        boundary);
    refused(IamErrors.NO_SUCH_ENTITY, "GetRole", "RoleName", "r");
  }

  @Test
  void theAdministratorStays() {
    refused(IamErrors.UNMODIFIABLE_ENTITY, "DeleteUser", "UserName", "admin");
    refused(IamErrors.UNMODIFIABLE_ENTITY, "UpdateUser", "UserName", "admin", "NewUserName", "x");
  }

  @Test
  void aListIsContinuedWhereItStopped() {
    for (String name : List.of("c", "A", "b")) {
      call("CreateUser", "UserName", name);
    }
    List<String> names = new ArrayList<>();
    String marker = "";
    JsonNode page;
    do {
      page = call("ListUsers", "MaxItems", "2", "Marker", marker);
      names.addAll(page.get("Users").findValuesAsText("UserName"));
      marker = page.path("Marker").asText();
    } while (page.get("IsTruncated").asBoolean());
    assertThat(names).containsExactly("A", "admin", "b", "c");
    refused(IamErrors.INVALID_INPUT, "ListUsers", "MaxItems", "0");
    String token = call("ListUsers", "MaxItems", "2").get("Marker").asText();
    refused(ErrorCode.INVALID_REQUEST, "ListRoles", "Marker", token);
    refused(ErrorCode.INVALID_REQUEST, "ListUsers", "PathPrefix", "/a/", "Marker", token);
  }

  @Test
  void keysAreMadeRotatedDisabledAndDeleted() {
    call("CreateUser", "UserName", "anna");
    JsonNode one = call("CreateAccessKey", "UserName", "anna").get("AccessKey");
    String first = one.get("AccessKeyId").asText();
    List<String> withdrawn = new ArrayList<>();
    booted.iam.addObserver(withdrawn(withdrawn));
    assertThat(one.get("SecretAccessKey").asText()).hasSize(40);
    assertThat(booted.signer(first, null)).isPresent();
    String second =
        call("CreateAccessKey", "UserName", "anna").at("/AccessKey/AccessKeyId").asText();
    refused(IamErrors.LIMIT_EXCEEDED, "CreateAccessKey", "UserName", "anna");
    call("UpdateAccessKey", "UserName", "anna", "AccessKeyId", first, "Status", "Inactive");
    assertThat(booted.signer(first, null)).isEmpty();
    assertThat(booted.signer(second, null)).isPresent();
    JsonNode listed = call("ListAccessKeys", "UserName", "anna").get("AccessKeyMetadata");
    assertThat(listed.findValuesAsText("Status")).containsExactlyInAnyOrder("Active", "Inactive");
    assertThat(listed.findValues("SecretAccessKey")).isEmpty();
    assertThat(withdrawn).containsExactly(first + " access key deactivated");
    call("UpdateAccessKey", "UserName", "anna", "AccessKeyId", first, "Status", "Active");
    assertThat(booted.signer(first, null)).isPresent();
    assertThat(withdrawn).hasSize(1);
    refused(IamErrors.DELETE_CONFLICT, "DeleteUser", "UserName", "anna");
    call("DeleteAccessKey", "UserName", "anna", "AccessKeyId", first);
    assertThat(booted.signer(first, null)).isEmpty();
    assertThat(withdrawn).last().isEqualTo(first + " access key deleted");
    refused(IamErrors.NO_SUCH_ENTITY, "DeleteAccessKey", "UserName", "anna", "AccessKeyId", first);
  }

  @Test
  void onAFullDiskALeakedKeyIsDisabledAndDeleted() {
    call("CreateUser", "UserName", "anna");
    String key = call("CreateAccessKey", "UserName", "anna").at("/AccessKey/AccessKeyId").asText();
    booted.store.full(true);
    call("UpdateAccessKey", "UserName", "anna", "AccessKeyId", key, "Status", "Inactive");
    assertThat(booted.signer(key, null)).isEmpty();
    call("DeleteAccessKey", "UserName", "anna", "AccessKeyId", key);
    assertThat(call("ListAccessKeys", "UserName", "anna").get("AccessKeyMetadata")).isEmpty();
    assertThatThrownBy(() -> call("CreateAccessKey", "UserName", "anna"))
        .hasCauseInstanceOf(StoreUnavailableException.class);
  }

  private static PrincipalObserver withdrawn(List<String> told) {
    return new PrincipalObserver() {
      @Override
      public void invalidated(Principal principal, String reason) {}

      @Override
      public void keyInvalidated(String accessKeyId, String reason) {
        told.add(accessKeyId + " " + reason);
      }
    };
  }

  @Test
  void theLastUseOfAKeyIsToldAlsoAfterARestart() throws Exception {
    call("CreateUser", "UserName", "anna");
    String key = call("CreateAccessKey", "UserName", "anna").at("/AccessKey/AccessKeyId").asText();
    JsonNode never = call("GetAccessKeyLastUsed", "AccessKeyId", key);
    assertThat(never.at("/AccessKeyLastUsed/ServiceName").asText()).isEqualTo("N/A");
    booted.iam.used(key, "us-east-1", "iot");
    booted = new Booted(directory, booted.store, true);
    JsonNode used = call("GetAccessKeyLastUsed", "AccessKeyId", key);
    assertThat(used.get("UserName").asText()).isEqualTo("anna");
    assertThat(used.at("/AccessKeyLastUsed/LastUsedDate").asText())
        .isEqualTo("2027-03-01T12:00:00Z");
    assertThat(used.at("/AccessKeyLastUsed/ServiceName").asText()).isEqualTo("iot");
  }

  @Test
  void ofAKeyThatIsGoneNoUseIsKept() throws Exception {
    Table stored = booted.store.table("iam.key-uses");
    call("CreateUser", "UserName", "anna");
    String key = call("CreateAccessKey", "UserName", "anna").at("/AccessKey/AccessKeyId").asText();
    booted.iam.used(key, "us-east-1", "iot");
    byte[] row = stored.get(key.getBytes(StandardCharsets.UTF_8)).orElseThrow();
    call("DeleteAccessKey", "UserName", "anna", "AccessKeyId", key);
    assertThat(stored.size()).isZero();
    booted.store.commit(new Batch().put("iam.key-uses", key.getBytes(StandardCharsets.UTF_8), row));
    booted = new Booted(directory, booted.store, true);
    assertThat(stored.size()).as("left over by a start").isZero();
  }

  @Test
  void groupsHaveMembers() {
    call("CreateGroup", "GroupName", "staff");
    call("CreateUser", "UserName", "anna");
    call("AddUserToGroup", "GroupName", "staff", "UserName", "anna");
    call("AddUserToGroup", "GroupName", "staff", "UserName", "anna");
    assertThat(call("GetGroup", "GroupName", "staff").get("Users").findValuesAsText("UserName"))
        .containsExactly("anna");
    refused(IamErrors.DELETE_CONFLICT, "DeleteGroup", "GroupName", "staff");
    refused(IamErrors.DELETE_CONFLICT, "DeleteUser", "UserName", "anna");
    call("UpdateGroup", "GroupName", "staff", "NewGroupName", "crew");
    assertThat(
            call("ListGroupsForUser", "UserName", "anna")
                .get("Groups")
                .findValuesAsText("GroupName"))
        .containsExactly("crew");
    call("RemoveUserFromGroup", "GroupName", "crew", "UserName", "anna");
    refused(
        IamErrors.NO_SUCH_ENTITY, "RemoveUserFromGroup", "GroupName", "crew", "UserName", "anna");
    call("DeleteGroup", "GroupName", "crew");
    refused(IamErrors.NO_SUCH_ENTITY, "GetGroup", "GroupName", "crew");
  }

  @Test
  void rolesHaveATrustPolicy() {
    JsonNode role =
        call("CreateRole", "RoleName", "r", "AssumeRolePolicyDocument", Booted.TRUST_IOT)
            .get("Role");
    assertThat(
            URLDecoder.decode(
                role.get("AssumeRolePolicyDocument").asText(), StandardCharsets.UTF_8))
        .isEqualTo(Booted.TRUST_IOT);
    assertThat(role.get("MaxSessionDuration").asInt()).isEqualTo(3600);
    call("UpdateRole", "RoleName", "r", "MaxSessionDuration", "7200");
    assertThat(call("GetRole", "RoleName", "r").at("/Role/MaxSessionDuration").asInt())
        .isEqualTo(7200);
    for (String bad :
        List.of("{", "{}", Booted.allow("a:b", "*"), Booted.trust("\"Nobody\":\"x\""))) {
      refused(
          IamErrors.MALFORMED_POLICY_DOCUMENT,
          "UpdateAssumeRolePolicy",
          "RoleName",
          "r",
          "PolicyDocument",
          bad);
    }
    call("DeleteRole", "RoleName", "r");
    assertThat(call("ListRoles").get("Roles")).isEmpty();
  }

  @Test
  void aManagedPolicyHasFiveVersionsAndIsNotDeletedWhileAttached() {
    String arn =
        call("CreatePolicy", "PolicyName", "p", "PolicyDocument", Booted.allow("iot:*", "*"))
            .at("/Policy/Arn")
            .asText();
    assertThat(arn).isEqualTo("arn:aws:iam::123456789012:policy/p");
    String deny = Booted.statement("Deny", "iot:*", "*");
    for (int i = 2; i <= 5; i++) {
      JsonNode version =
          call(
              "CreatePolicyVersion",
              "PolicyArn",
              arn,
              "PolicyDocument",
              deny,
              "SetAsDefault",
              "true");
      assertThat(version.at("/PolicyVersion/VersionId").asText()).isEqualTo("v" + i);
    }
    refused(
        IamErrors.LIMIT_EXCEEDED, "CreatePolicyVersion", "PolicyArn", arn, "PolicyDocument", deny);
    refused(IamErrors.DELETE_CONFLICT, "DeletePolicyVersion", "PolicyArn", arn, "VersionId", "v5");
    JsonNode newest = call("ListPolicyVersions", "PolicyArn", arn, "MaxItems", "3");
    assertThat(newest.findValuesAsText("VersionId")).containsExactly("v5", "v4", "v3");
    String marker = newest.get("Marker").asText();
    JsonNode oldest = call("ListPolicyVersions", "PolicyArn", arn, "Marker", marker);
    assertThat(oldest.findValuesAsText("VersionId")).containsExactly("v2", "v1");
    call("SetDefaultPolicyVersion", "PolicyArn", arn, "VersionId", "v1");
    for (int i = 2; i <= 5; i++) {
      call("DeletePolicyVersion", "PolicyArn", arn, "VersionId", "v" + i);
    }
    assertThat(call("ListPolicyVersions", "PolicyArn", arn).get("Versions")).hasSize(1);
    call("CreateUser", "UserName", "anna");
    call("AttachUserPolicy", "UserName", "anna", "PolicyArn", arn);
    assertThat(call("GetPolicy", "PolicyArn", arn).at("/Policy/AttachmentCount").asInt())
        .isEqualTo(1);
    assertThat(
            call("ListEntitiesForPolicy", "PolicyArn", arn)
                .get("PolicyUsers")
                .findValuesAsText("UserName"))
        .containsExactly("anna");
    refused(IamErrors.DELETE_CONFLICT, "DeletePolicy", "PolicyArn", arn);
    refused(IamErrors.DELETE_CONFLICT, "DeleteUser", "UserName", "anna");
    call("DetachUserPolicy", "UserName", "anna", "PolicyArn", arn);
    call("DeletePolicy", "PolicyArn", arn);
    refused(IamErrors.NO_SUCH_ENTITY, "GetPolicy", "PolicyArn", arn);
  }

  @Test
  void aMalformedOrOverlongPolicyIsRefused() {
    refused(
        IamErrors.MALFORMED_POLICY_DOCUMENT,
        "CreatePolicy",
        "PolicyName",
        "p",
        "PolicyDocument",
        "{\"Version\":\"2012-10-17\"}");
    refused(
        IamErrors.LIMIT_EXCEEDED,
        "CreatePolicy",
        "PolicyName",
        "p",
        "PolicyDocument",
        Booted.allow("iot:" + "x".repeat(6200), "*"));
    assertThat(call("ListPolicies", "Scope", "Local").get("Policies")).isEmpty();
  }

  @Test
  void theTemplatesOfTheGuideAreThereAndCannotBeChanged() {
    List<String> arns =
        call("ListPolicies", "Scope", "AWS").get("Policies").findValuesAsText("Arn");
    assertThat(arns)
        .containsExactlyInAnyOrder(
            "arn:aws:iam::aws:policy/AdministratorAccess",
            "arn:aws:iam::aws:policy/service-role/AWSIoTLogging",
            "arn:aws:iam::aws:policy/AWSIoTConfigAccess",
            "arn:aws:iam::aws:policy/AWSIoTConfigReadOnlyAccess",
            DATA,
            "arn:aws:iam::aws:policy/AWSIoTFullAccess",
            "arn:aws:iam::aws:policy/service-role/AWSIoTRuleActions");
    for (String arn : arns) {
      String document =
          call("GetPolicyVersion", "PolicyArn", arn, "VersionId", "v1")
              .at("/PolicyVersion/Document")
              .asText();
      assertThat(Booted.LANGUAGE.compile(URLDecoder.decode(document, StandardCharsets.UTF_8)))
          .as(arn)
          .isNotNull();
    }
    refused(ErrorCode.ACCESS_DENIED, "DeletePolicy", "PolicyArn", DATA);
    refused(
        IamErrors.NO_SUCH_ENTITY,
        "AttachUserPolicy",
        "UserName",
        "admin",
        "PolicyArn",
        "arn:aws:iam::aws:policy/Nothing");
  }

  @Test
  void inlinePoliciesArePutShownAndDeleted() {
    call("CreateGroup", "GroupName", "g");
    String document = Booted.allow("iot:Publish", "*");
    call("PutGroupPolicy", "GroupName", "g", "PolicyName", "p", "PolicyDocument", document);
    JsonNode shown = call("GetGroupPolicy", "GroupName", "g", "PolicyName", "p");
    assertThat(URLDecoder.decode(shown.get("PolicyDocument").asText(), StandardCharsets.UTF_8))
        .isEqualTo(document);
    assertThat(call("ListGroupPolicies", "GroupName", "g").get("PolicyNames"))
        .extracting(JsonNode::asText)
        .containsExactly("p");
    refused(IamErrors.DELETE_CONFLICT, "DeleteGroup", "GroupName", "g");
    call("DeleteGroupPolicy", "GroupName", "g", "PolicyName", "p");
    refused(IamErrors.NO_SUCH_ENTITY, "GetGroupPolicy", "GroupName", "g", "PolicyName", "p");
  }

  @Test
  void nothingHappensBeforeItIsDurable() {
    booted.store.hold();
    var operation = booted.operation("CreateUser");
    var request =
        new dev.gatehouse.api.http.ApiRequest(
            Booted.ACCOUNT,
            new Principal.Component(Booted.ACCOUNT, "test"),
            java.util.Map.of(),
            java.util.Map.of("UserName", "anna"),
            java.util.Map.of(),
            new byte[0],
            "",
            "",
            Booted.NOW);
    var first = operation.handler().handle(request).toCompletableFuture();
    var second = operation.handler().handle(request).toCompletableFuture();
    assertThat(first).isNotDone();
    refused(IamErrors.NO_SUCH_ENTITY, "GetUser", "UserName", "anna");
    booted.store.release();
    assertThat(first).isCompleted();
    assertThat(second).isCompletedExceptionally();
    assertThat(call("ListUsers").get("Users")).hasSize(2);
  }
}
