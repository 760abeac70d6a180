package dev.gatehouse.api.rules.action;

import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.api.message.Message;
import dev.gatehouse.api.message.Payload;
import java.util.Optional;

/**
 * One message for an action.
 *
 * @param settings with every template replaced
 * @param payload the outgoing payload that SELECT made
 * @param message the message that matched, for context only
 * @param target that the action named for these settings
 * @param actor the session of the rule's role, which has the target's rights; empty if the rule
 *     names no role
 */
public record ActionInput(
    ActionSettings settings,
    Payload payload,
    Message message,
    ActionTarget target,
    Optional<Principal.RoleSession> actor) {}
