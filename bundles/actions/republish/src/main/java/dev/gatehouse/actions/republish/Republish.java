package dev.gatehouse.actions.republish;

import dev.gatehouse.api.identity.Arn;
import dev.gatehouse.api.message.Message;
import dev.gatehouse.api.message.MessageBus;
import dev.gatehouse.api.message.Origin;
import dev.gatehouse.api.message.PublishOutcome;
import dev.gatehouse.api.message.QoS;
import dev.gatehouse.api.message.TopicName;
import dev.gatehouse.api.rules.action.ActionContext;
import dev.gatehouse.api.rules.action.ActionFailure;
import dev.gatehouse.api.rules.action.ActionInput;
import dev.gatehouse.api.rules.action.ActionSettings;
import dev.gatehouse.api.rules.action.ActionTarget;
import dev.gatehouse.api.rules.action.RequiredRight;
import dev.gatehouse.api.rules.action.RuleAction;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * One rule's republish. It publishes as a session of the rule's role, not as a part of the gateway,
 * so that a reserved topic goes to its owner, as a device's message would.
 */
final class Republish implements RuleAction {
  private final MessageBus bus;
  private final ActionContext context;

  Republish(MessageBus bus, ActionContext context) {
    this.bus = bus;
    this.context = context;
  }

  @Override
  public ActionTarget target(ActionSettings settings) {
    String topic = settings.require("topic");
    Arn resource = context.account().arn("iot", "topic/" + topic);
    return new ActionTarget(topic, List.of(new RequiredRight("iot:Publish", resource)));
  }

  @Override
  public CompletionStage<Void> execute(ActionInput input) {
    return bus.publish(message(input)).thenAccept(Republish::check);
  }

  private Message message(ActionInput input) {
    Message source = input.message();
    if (source.hops() >= Message.MAX_HOPS) {
      throw new IllegalArgumentException(
          "the message came through "
              + source.hops()
              + " rules, at most "
              + Message.MAX_HOPS
              + " are allowed: rule "
              + context.ruleName()
              + " is part of a loop");
    }
    boolean confirmed = input.settings().get("qos").filter("1"::equals).isPresent();
    return new Message(
        source.account(),
        new TopicName(input.settings().require("topic")),
        input.payload(),
        confirmed ? QoS.AT_LEAST_ONCE : QoS.AT_MOST_ONCE,
        false,
        Headers.of(input.settings()),
        new Origin(input.actor().orElseThrow(), null, null),
        context.clock().millis(),
        source.traceId(),
        source.hops() + 1);
  }

  private static void check(PublishOutcome outcome) {
    switch (outcome) {
      case DELIVERED, NO_SUBSCRIBERS -> {
        return;
      }
      case RESERVED_TOPIC_UNCLAIMED ->
          throw new ActionFailure("nothing here serves the reserved topic", false, null);
      case QUOTA_EXCEEDED -> throw new ActionFailure("a subscriber's mailbox is full", true, null);
      case STORE_UNAVAILABLE ->
          throw new ActionFailure("the store can not keep the message now", true, null);
    }
  }
}
