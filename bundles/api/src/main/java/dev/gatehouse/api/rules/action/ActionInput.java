package dev.gatehouse.api.rules.action;

import dev.gatehouse.api.message.Message;
import dev.gatehouse.api.message.Payload;

/**
 * What an action acts on.
 *
 * @param settings with every template replaced
 * @param payload what SELECT made of the message
 * @param message the message that matched, for context only; without its MQTT 5 properties if it
 *     waited in a durable queue
 */
public record ActionInput(
    String ruleName, ActionSettings settings, Payload payload, Message message) {}
