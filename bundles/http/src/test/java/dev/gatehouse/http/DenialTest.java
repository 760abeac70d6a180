package dev.gatehouse.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.identity.Principal;
import org.junit.jupiter.api.Test;

class DenialTest {
  private static final Account ACCOUNT = new Account("123456789012", "us-east-1");

  @Test
  void callersAreNamedByTheirArnAsAwsDoes() {
    assertThat(Denial.text(new Principal.User(ACCOUNT, "anna", "AIDA"), "iot:CreateThing", "*"))
        .isEqualTo(
            "User: arn:aws:iam::123456789012:user/anna is not authorized to perform:"
                + " iot:CreateThing on resource: *");
    assertThat(
            Denial.text(
                new Principal.RoleSession(ACCOUNT, "visitor", "AROA", "today"), "iot:Publish", "t"))
        .startsWith("User: arn:aws:sts::123456789012:assumed-role/visitor/today is not");
    assertThat(Denial.text(new Principal.Component(ACCOUNT, "console"), "iot:Publish", "t"))
        .startsWith("User: console is not authorized");
  }
}
