package dev.gatehouse.rules.delivery;

import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.api.rules.action.ActionTarget;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The rule's name, and the role that one of its actions acts as.
 *
 * @param roleArn null if the action names none
 */
public record Actor(String ruleName, @Nullable String roleArn, RoleRights rights) {

  /**
   * A session of the role that may do all that a target needs.
   *
   * @throws ServiceException if it may not now
   * @throws IllegalArgumentException if the target needs rights and the action names no role
   */
  Optional<Principal.RoleSession> session(Account account, ActionTarget target) {
    if (roleArn != null) {
      return Optional.of(rights.require(account, roleArn, ruleName, target.rights()));
    }
    if (!target.rights().isEmpty()) {
      throw new IllegalArgumentException(
          "the action names no role, but needs " + target.rights().get(0).action());
    }
    return Optional.empty();
  }
}
