package dev.gatehouse.iam;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.identity.Principal;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PassingTest {
  private static final String ROLE = "arn:aws:iam::123456789012:role/rules";
  private static final String IOT = "iot.amazonaws.com";

  @TempDir private Path directory;
  private Booted booted;
  private Principal anna;

  @BeforeEach
  void boot() throws Exception {
    booted = new Booted(directory);
    booted.call("CreateUser", "UserName", "anna");
    anna = booted.principal(Booted.ACCOUNT, "anna");
  }

  private void allow(String action) {
    booted.call(
        "PutUserPolicy",
        "UserName",
        "anna",
        "PolicyName",
        action.replace(':', '-').replace("*", "all"),
        "PolicyDocument",
        Booted.allow(action, ROLE));
  }

  private void pass(Principal caller, String role) {
    try {
      booted.iam.pass(caller, Map.of(), role, IOT).toCompletableFuture().join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof ServiceException told ? told : e;
    }
  }

  @Test
  void aRoleIsPassedByWhoeverMayToWhomItTrusts() {
    booted.call("CreateRole", "RoleName", "rules", "AssumeRolePolicyDocument", Booted.TRUST_IOT);
    booted.refused(ErrorCode.UNAUTHORIZED, () -> pass(anna, ROLE));
    allow("iam:PassRole");
    pass(anna, ROLE);
    booted.call(
        "UpdateAssumeRolePolicy",
        "RoleName",
        "rules",
        "PolicyDocument",
        Booted.trust("\"Service\":\"lambda.amazonaws.com\""));
    booted.refused(ErrorCode.INVALID_REQUEST, () -> pass(anna, ROLE));
    assertThat(booted.iam.session(Booted.ACCOUNT, ROLE, IOT, "rule")).isEmpty();
  }

  @Test
  void anAbsentRoleIsMadeOnlyForThoseWhoCouldHaveMadeIt() {
    allow("iam:PassRole");
    booted.refused(ErrorCode.INVALID_REQUEST, () -> pass(anna, ROLE));
    assertThat(booted.iam.session(Booted.ACCOUNT, ROLE, IOT, "rule")).isEmpty();
    pass(booted.administrator(Booted.ACCOUNT), ROLE);
    Principal session = booted.iam.session(Booted.ACCOUNT, ROLE, IOT, "rule").orElseThrow();
    String topic = "arn:aws:iot:us-east-1:123456789012:topic/a";
    assertThat(booted.iam.rights(session, Map::of).decide("iot:Publish", topic).allowed()).isTrue();
    String object = "arn:aws:s3:::bucket/key";
    assertThat(booted.iam.rights(session, Map::of).decide("s3:PutObject", object).allowed())
        .isTrue();
    assertThat(booted.iam.rights(session, Map::of).decide("s3:GetObject", object).allowed())
        .isFalse();
    assertThat(booted.iam.rights(session, Map::of).decide("iot:Connect", "*").allowed()).isFalse();
    assertThat(booted.call("GetRole", "RoleName", "rules").at("/Role/Arn").asText())
        .isEqualTo(ROLE);
    pass(anna, ROLE);
  }

  @Test
  void whereRolesAreNotMadeAnAbsentOneIsRefusedToAnyone() throws Exception {
    booted = new Booted(directory, booted.store, false);
    booted.refused(
        ErrorCode.INVALID_REQUEST, () -> pass(booted.administrator(Booted.ACCOUNT), ROLE));
    assertThat(booted.call("ListRoles").get("Roles")).isEmpty();
  }

  @Test
  void aRoleOfAnotherAccountAndWhatIsNoneAreRefused() {
    Principal admin = booted.administrator(Booted.ACCOUNT);
    for (String wrong :
        new String[] {
          "role",
          "arn:aws:iam::210987654321:role/rules",
          "arn:aws:iam::123456789012:user/rules",
          "arn:aws:iam::123456789012:role/"
        }) {
      booted.refused(ErrorCode.INVALID_REQUEST, () -> pass(admin, wrong));
    }
  }
}
