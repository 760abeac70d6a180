package dev.gatehouse.actions.sample;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.message.Message;
import dev.gatehouse.api.message.Payload;
import dev.gatehouse.api.message.TopicName;
import dev.gatehouse.api.rules.action.ActionSettings;
import dev.gatehouse.testkit.ActionStand;
import dev.gatehouse.testkit.OneRole;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SampleActionTest {
  private static final Account ACCOUNT = new Account("000000000000", "us-east-1");
  private static final OneRole ROLE =
      new OneRole("arn:aws:iam::000000000000:role/r", (action, resource) -> true);

  /** Red until the action is written. */
  @Test
  void theTargetGetsThePayload() {
    ActionSettings settings =
        ActionSettings.ofTexts(Map.of("target", "one", "roleArn", ROLE.arn()));
    Message message =
        Message.internal(ACCOUNT, "test", new TopicName("t"), Payload.ofText("in"), 1);
    try (ActionStand stand =
        new ActionStand(new SampleType(), ACCOUNT, settings, ROLE, Clock.systemUTC())) {
      assertThat(stand.execute(Payload.ofText("out"), message))
          .as(
              "write SampleAction.execute, give this test a target of its own (a folder, a server"
                  + " on a free port), and assert here that the payload arrived there;"
                  + " docs/actions.md says what an action owes the engine")
          .succeedsWithin(Duration.ofSeconds(5));
    }
  }
}
