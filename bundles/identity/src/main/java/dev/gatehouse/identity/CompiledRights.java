package dev.gatehouse.identity;

import dev.gatehouse.api.identity.Decision;
import dev.gatehouse.api.identity.PolicyVariables;
import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.api.identity.Rights;
import dev.gatehouse.identity.policy.Policy;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The rights of one principal; compiled again when the revision has changed. */
final class CompiledRights implements Rights {
  private final Identity identity;
  private final PolicyIndex index;
  private final GroupPolicies groups;
  private final ConnectionFacts facts;
  private final Principal principal;
  private final PolicyVariables variables;
  private volatile Snapshot snapshot;

  /**
   * What holds for a revision.
   *
   * @param variables none if no policy asks for any
   * @param complete whether the variables that have to be looked up have been
   */
  private record Snapshot(
      long revision,
      boolean everything,
      List<Policy> policies,
      Map<String, String> variables,
      boolean complete) {}

  CompiledRights(
      Identity identity,
      PolicyIndex index,
      GroupPolicies groups,
      ConnectionFacts facts,
      Principal principal,
      PolicyVariables variables) {
    this.identity = identity;
    this.index = index;
    this.groups = groups;
    this.facts = facts;
    this.principal = principal;
    this.variables = variables;
    this.snapshot = compile(null);
  }

  private Snapshot compile(@Nullable Snapshot before) {
    long revision = revision(); // before the reading: a change meanwhile is seen next time
    boolean everything = principal instanceof Principal.Component;
    List<Policy> policies = everything ? List.of() : identity.policiesOf(principal, variables);
    if (before != null && before.complete()) {
      return new Snapshot(revision, everything, policies, before.variables(), true);
    }
    boolean asked = policies.stream().anyMatch(policy -> !policy.variables().isEmpty());
    return new Snapshot(
        revision,
        everything,
        policies,
        asked ? facts.complete(principal, variables.values(), policies) : Map.of(),
        ConnectionFacts.asked(policies));
  }

  @Override
  public Decision decide(String action, String resource) {
    Snapshot current = snapshot;
    if (current.revision() != revision()) {
      current = compile(current);
      snapshot = current;
    }
    return current.everything()
        ? Decision.ALLOWED
        : Policy.decide(current.policies(), action, resource, current.variables());
  }

  /** The index moves on when the registry comes or goes, so no sum is met twice. */
  @Override
  public long revision() {
    return (index.revision() << 32) + groups.revision();
  }
}
