package dev.gatehouse.actions.republish;

import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.identity.ActingRoles;
import dev.gatehouse.api.identity.Arn;
import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.api.message.Message;
import dev.gatehouse.api.message.MessageBus;
import dev.gatehouse.api.message.Origin;
import dev.gatehouse.api.message.PublishOutcome;
import dev.gatehouse.api.message.QoS;
import dev.gatehouse.api.message.TopicName;
import dev.gatehouse.api.rules.action.ActionFailure;
import dev.gatehouse.api.rules.action.ActionInput;
import dev.gatehouse.api.rules.action.RuleAction;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * One rule's republish. It publishes as a session of the rule's role, not as a part of the gateway,
 * so that a reserved topic goes to its owner, as a device's message would.
 */
final class Republish implements RuleAction {
  private final MessageBus bus;
  private final Clock clock;
  private final String roleArn;
  private final ActingRoles roles;

  Republish(MessageBus bus, Clock clock, String roleArn, ActingRoles roles) {
    this.bus = bus;
    this.clock = clock;
    this.roleArn = roleArn;
    this.roles = roles;
  }

  @Override
  public CompletionStage<Void> execute(ActionInput input) {
    String topic = input.settings().require("topic");
    Message message;
    try {
      message = message(input, topic);
    } catch (ServiceException e) {
      boolean later = e.code() == ErrorCode.SERVICE_UNAVAILABLE;
      return CompletableFuture.failedFuture(new ActionFailure(topic, e.getMessage(), later, e));
    } catch (IllegalArgumentException e) {
      return CompletableFuture.failedFuture(
          new ActionFailure(topic, String.valueOf(e.getMessage()), false, e));
    }
    return bus.publish(message).thenAccept(outcome -> check(topic, outcome));
  }

  @Override
  public void close() {
    // Holds nothing but the bus, which is not its own.
  }

  private Message message(ActionInput input, String topic) {
    Message source = input.message();
    if (source.hops() >= Message.MAX_HOPS) {
      throw new IllegalArgumentException(
          "the message came through "
              + source.hops()
              + " rules, at most "
              + Message.MAX_HOPS
              + " are allowed: rule "
              + input.ruleName()
              + " is part of a loop");
    }
    Principal session = actor(source.account(), input.ruleName(), topic);
    return new Message(
        source.account(),
        new TopicName(topic),
        input.payload(),
        qos(input.settings().get("qos").orElse("0")),
        false,
        Headers.of(input.settings()),
        new Origin(session, null, null),
        clock.millis(),
        source.traceId(),
        source.hops() + 1);
  }

  private Principal actor(Account account, String ruleName, String topic) {
    Arn resource = account.arn("iot", "topic/" + topic);
    return roles.require(account, roleArn, ruleName, "iot:Publish", resource);
  }

  /**
   * The QoS that a setting means.
   *
   * @throws IllegalArgumentException unless 0 or 1
   */
  static QoS qos(String text) {
    return switch (text) {
      case "0" -> QoS.AT_MOST_ONCE;
      case "1" -> QoS.AT_LEAST_ONCE;
      default -> throw new IllegalArgumentException("qos '" + text + "' is not 0 or 1");
    };
  }

  private static void check(String topic, PublishOutcome outcome) {
    switch (outcome) {
      case DELIVERED, NO_SUBSCRIBERS -> {
        return;
      }
      case RESERVED_TOPIC_UNCLAIMED ->
          throw new ActionFailure(topic, "nothing here serves the reserved topic", false, null);
      case QUOTA_EXCEEDED ->
          throw new ActionFailure(topic, "a subscriber's mailbox is full", true, null);
      case STORE_UNAVAILABLE ->
          throw new ActionFailure(topic, "the store can not keep the message now", true, null);
    }
  }
}
