package dev.gatehouse.identity.policy;

import dev.gatehouse.api.identity.Decision;
import java.util.List;
import java.util.Map;

/** A compiled policy document. Immutable. */
public final class Policy {
  private final List<Statement> statements;

  Policy(List<Statement> statements) {
    this.statements = List.copyOf(statements);
  }

  /**
   * What several policies together say: an explicit deny wins, then an allow, else it is denied.
   *
   * @param variables values of policy variables and condition keys, by name
   */
  public static Decision decide(
      List<Policy> policies, String action, String resource, Map<String, String> variables) {
    boolean allowed = false;
    for (Policy policy : policies) {
      for (Statement statement : policy.statements) {
        // An Allow need not be looked at once there is one; a Deny always must.
        if ((statement.allow() && allowed) || !statement.applies(action, resource, variables)) {
          continue;
        }
        if (!statement.allow()) {
          return Decision.EXPLICITLY_DENIED;
        }
        allowed = true;
      }
    }
    return allowed ? Decision.ALLOWED : Decision.IMPLICITLY_DENIED;
  }
}
