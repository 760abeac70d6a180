package dev.gatehouse.identity.policy;

import dev.gatehouse.api.identity.Decision;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;

/** A compiled policy document. Immutable. */
public final class Policy {
  private final List<Statement> statements;
  private final NavigableSet<String> variables;

  Policy(List<Statement> statements) {
    this.statements = List.copyOf(statements);
    NavigableSet<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    statements.stream().flatMap(Statement::variables).forEach(names::add);
    this.variables = Collections.unmodifiableNavigableSet(names);
  }

  /** The names of the policy variables and condition keys that it asks for, ignoring case. */
  public NavigableSet<String> variables() {
    return variables;
  }

  /** The one for a document that cannot be read. */
  public static Policy denyingAll() {
    return ofAll(false);
  }

  /** The one of whoever may do everything. */
  public static Policy allowingAll() {
    return ofAll(true);
  }

  private static Policy ofAll(boolean allow) {
    return new Policy(List.of(new Statement(allow, true, List.of(), true, List.of(), List.of())));
  }

  /**
   * What several policies together say: an explicit deny wins, then an allow, else it is denied.
   *
   * @param variables values of policy variables and condition keys, by name; a map that ignores
   *     case, as these names do
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
