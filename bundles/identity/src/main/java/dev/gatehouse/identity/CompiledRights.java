package dev.gatehouse.identity;

import dev.gatehouse.api.identity.Decision;
import dev.gatehouse.api.identity.PolicyVariables;
import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.api.identity.Rights;

/**
 * The rights of one principal; taken again when the revision has changed. Each idle connection has
 * one, so what it can share is in the snapshot.
 */
final class CompiledRights implements Rights {
  private final Principal principal;
  private final PolicyVariables variables;
  private volatile Snapshot snapshot;

  CompiledRights(PrincipalPolicies policies, Principal principal, PolicyVariables variables) {
    this.principal = principal;
    this.variables = variables;
    this.snapshot = policies.now(principal, variables, null);
  }

  /** What holds now. */
  Snapshot current() {
    Snapshot current = snapshot;
    if (current.revision() != current.source().revision()) {
      current = current.source().now(principal, variables, current);
      snapshot = current;
    }
    return current;
  }

  @Override
  public Decision decide(String action, String resource) {
    return current().decide(action, resource, variables);
  }

  /** Where policies ask for the time, each moment is a revision: no answer holds for the next. */
  @Override
  public long revision() {
    Snapshot now = current();
    return now.asksTime() ? now.revision() + now.source().now().toEpochMilli() : now.revision();
  }
}
