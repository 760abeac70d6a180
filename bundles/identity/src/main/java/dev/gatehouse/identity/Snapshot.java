package dev.gatehouse.identity;

import dev.gatehouse.api.identity.Decision;
import dev.gatehouse.api.identity.PolicyVariables;
import dev.gatehouse.identity.policy.Policy;
import java.util.List;
import java.util.Map;

/** What a principal's policies say at one revision. */
sealed interface Snapshot {

  /** Where the next one is to be had. */
  PrincipalPolicies source();

  long revision();

  Decision decide(String action, String resource, PolicyVariables variables);

  /**
   * Of all principals that have these policies: it holds nothing of a connection.
   *
   * @param asksVariables whether a policy asks for any
   * @param asksFacts whether a policy asks for what has to be looked up
   */
  record Shared(
      PrincipalPolicies source,
      long revision,
      List<Policy> policies,
      boolean asksVariables,
      boolean asksFacts)
      implements Snapshot {

    static Shared of(PrincipalPolicies source, long revision, List<Policy> policies) {
      return new Shared(
          source,
          revision,
          List.copyOf(policies),
          policies.stream().anyMatch(policy -> !policy.variables().isEmpty()),
          ConnectionFacts.asked(policies));
    }

    @Override
    public Decision decide(String action, String resource, PolicyVariables variables) {
      Map<String, String> known =
          asksVariables ? ConnectionFacts.anyCase(variables.values()) : Map.of();
      return Policy.decide(policies, action, resource, known);
    }
  }

  /**
   * Of one connection whose policies asked for what has to be looked up.
   *
   * @param variables all of them, the edge's too; found once a connection
   */
  record LookedUp(Shared shared, Map<String, String> variables) implements Snapshot {
    @Override
    public PrincipalPolicies source() {
      return shared.source();
    }

    @Override
    public long revision() {
      return shared.revision();
    }

    @Override
    public Decision decide(String action, String resource, PolicyVariables edge) {
      return Policy.decide(shared.policies(), action, resource, variables);
    }
  }
}
