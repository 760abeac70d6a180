package dev.gatehouse.testkit;

import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.identity.ActingRoles;
import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.api.message.Message;
import dev.gatehouse.api.message.Payload;
import dev.gatehouse.api.rules.action.ActionContext;
import dev.gatehouse.api.rules.action.ActionInput;
import dev.gatehouse.api.rules.action.ActionSettings;
import dev.gatehouse.api.rules.action.ActionTarget;
import dev.gatehouse.api.rules.action.RequiredRight;
import dev.gatehouse.api.rules.action.RuleAction;
import dev.gatehouse.api.rules.action.RuleActionType;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Runs an action as the rules engine does for one message: target, rights of the role, execution;
 * without templates and retries.
 */
public final class ActionStand implements AutoCloseable {
  private final RuleAction action;
  private final Context context;
  private final OneRole role;
  private final ActingRoles roles;

  private record Context(Account account, String ruleName, ActionSettings settings, Clock clock)
      implements ActionContext {}

  /** Makes the action of a rule that acts as a role. */
  public ActionStand(
      RuleActionType type, Account account, ActionSettings settings, OneRole role, Clock clock) {
    this.context = new Context(account, "myrule", settings, clock);
    this.action = type.create(context);
    this.role = role;
    this.roles = new ActingRoles(role);
    roles.add(role);
  }

  /** The resource that the action names, and the rights that it asks for. */
  public ActionTarget target() {
    return action.target(context.settings());
  }

  /**
   * Executes the action.
   *
   * @return completes as the action does; exceptionally also for what it throws, and if the role
   *     lacks a right
   */
  public CompletableFuture<Void> execute(Payload payload, Message message) {
    try {
      ActionTarget target = target();
      Principal.RoleSession session = null;
      for (RequiredRight right : target.rights()) {
        session =
            roles.require(
                context.account(),
                role.arn(),
                context.ruleName(),
                right.action(),
                right.resource());
      }
      return action
          .execute(
              new ActionInput(
                  context.settings(), payload, message, target, Optional.ofNullable(session)))
          .toCompletableFuture();
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  @Override
  public void close() {
    action.close();
  }
}
