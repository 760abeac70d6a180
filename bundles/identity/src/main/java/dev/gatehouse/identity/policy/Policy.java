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
  private final List<Finding> findings;

  /**
   * Something in a document that does not do what it seems to do.
   *
   * @param text where it is and what it does
   * @param gives whether it gives rights that the document does not seem to give
   */
  public record Finding(String text, boolean gives) {}

  Policy(List<Statement> statements, List<Finding> findings) {
    this.statements = List.copyOf(statements);
    this.findings = List.copyOf(findings);
    NavigableSet<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    statements.stream().flatMap(Statement::variables).forEach(names::add);
    this.variables = Collections.unmodifiableNavigableSet(names);
  }

  /** The names of the policy variables and condition keys that it asks for, ignoring case. */
  public NavigableSet<String> variables() {
    return variables;
  }

  /** Whether what it says depends on the time. */
  public boolean asksTime() {
    return variables.stream().anyMatch(Moment::tells);
  }

  /** What whoever wrote the document should know. */
  public List<Finding> findings() {
    return findings;
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
    return new Policy(
        List.of(new Statement(allow, true, List.of(), true, List.of(), List.of())), List.of());
  }

  /**
   * What several policies together say: an explicit deny wins, then an allow, else it is denied.
   *
   * @param variables values of policy variables and condition keys, by name; a map that ignores
   *     case, as these names do
   */
  public static Decision decide(
      List<Policy> policies, String action, String resource, Map<String, String> variables) {
    return decide(policies, action, resource, Values.of(variables));
  }

  /** The same with values that are looked up. */
  public static Decision decide(
      List<Policy> policies, String action, String resource, Values variables) {
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
