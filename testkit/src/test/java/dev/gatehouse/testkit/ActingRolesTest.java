package dev.gatehouse.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.identity.ActingRoles;
import dev.gatehouse.api.identity.Arn;
import dev.gatehouse.api.identity.Principal;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class ActingRolesTest {
  private static final Account ACCOUNT = new Account("123456789012", "us-east-1");
  private static final String ARN = "arn:aws:iam::123456789012:role/service/reader";
  private static final Arn THING = ACCOUNT.arn("iot", "thing/bulb");

  private final OneRole role =
      new OneRole(ARN, (action, resource) -> action.equals("iot:GetThingShadow"));
  private final AtomicInteger asked = new AtomicInteger();
  private final ActingRoles acting =
      new ActingRoles(
          (principal, variables) -> {
            asked.incrementAndGet();
            return role.rights(principal, variables);
          });

  private Principal require(String roleArn, String session, String action) {
    return acting.require(ACCOUNT, roleArn, session, action, THING);
  }

  private static void refused(ErrorCode code, String message, ThrowingCallable call) {
    assertThatThrownBy(call)
        .hasMessageContaining(message)
        .isInstanceOfSatisfying(ServiceException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  @Test
  void theRoleMustBeThereAndMay() {
    acting.add(role);
    assertThat(require(ARN, "rule", "iot:GetThingShadow"))
        .isEqualTo(new Principal.RoleSession(ACCOUNT, "reader", OneRole.ID, "rule"));
    refused(
        ErrorCode.UNAUTHORIZED,
        "role " + ARN + " may not do iot:Publish on " + THING,
        () -> require(ARN, "rule", "iot:Publish"));
    refused(
        ErrorCode.UNAUTHORIZED,
        "there is no role " + ARN + "2",
        () -> require(ARN + "2", "rule", "iot:Publish"));
  }

  @Test
  void withoutRolesItIsLaterPerhaps() {
    refused(
        ErrorCode.SERVICE_UNAVAILABLE,
        "cannot be looked up",
        () -> require(ARN, "rule", "iot:GetThingShadow"));
    acting.add(role);
    acting.remove(new OneRole(ARN + "2", (action, resource) -> true));
    assertThat(require(ARN, "rule", "iot:GetThingShadow")).isNotNull();
    acting.remove(role);
    refused(
        ErrorCode.SERVICE_UNAVAILABLE,
        "cannot be looked up",
        () -> require(ARN, "rule", "iot:GetThingShadow"));
  }

  @Test
  void rightsOfASessionAreHeldButNotOfAnyNumber() {
    acting.add(role);
    for (int i = 0; i < 10; i++) {
      require(ARN, "rule", "iot:GetThingShadow");
    }
    assertThat(asked).hasValue(1);
    for (int i = 0; i < 1_000; i++) {
      require(ARN, "rule" + i, "iot:GetThingShadow");
    }
    require(ARN, "rule", "iot:GetThingShadow");
    assertThat(asked).hasValue(1_002);
  }
}
