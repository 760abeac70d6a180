package dev.gatehouse.identity;

import dev.gatehouse.api.identity.Decision;
import dev.gatehouse.api.identity.PolicyVariables;
import dev.gatehouse.identity.policy.Moment;
import dev.gatehouse.identity.policy.Policy;
import dev.gatehouse.identity.policy.Values;
import java.util.List;
import java.util.Map;

/** What a principal's policies say at one revision. */
sealed interface Snapshot {

  /** Where the next one is to be had. */
  PrincipalPolicies source();

  long revision();

  Decision decide(String action, String resource, PolicyVariables variables);

  /** Whether what it says depends on the time. */
  boolean asksTime();

  /**
   * Of all principals that have these policies: it holds nothing of a connection.
   *
   * @param asksVariables whether a policy asks for any
   * @param asksFacts whether a policy asks for what has to be looked up
   * @param asksTime whether what they say depends on the time
   */
  record Shared(
      PrincipalPolicies source,
      long revision,
      List<Policy> policies,
      boolean asksVariables,
      boolean asksFacts,
      boolean asksTime)
      implements Snapshot {

    static Shared of(PrincipalPolicies source, long revision, List<Policy> policies) {
      return new Shared(
          source,
          revision,
          List.copyOf(policies),
          policies.stream().anyMatch(policy -> !policy.variables().isEmpty()),
          ConnectionFacts.asked(policies),
          policies.stream().anyMatch(Policy::asksTime));
    }

    @Override
    public Decision decide(String action, String resource, PolicyVariables variables) {
      Map<String, String> known =
          asksVariables ? ConnectionFacts.anyCase(variables.values()) : Map.of();
      return decide(action, resource, Values.of(known));
    }

    private Decision decide(String action, String resource, Values known) {
      Values all = asksTime ? Moment.at(source.now(), known) : known;
      return Policy.decide(policies, action, resource, all);
    }
  }

  /**
   * Of one connection whose policies asked for what has to be looked up.
   *
   * @param variables all of them, the edge's too; found once a connection
   */
  record LookedUp(Shared shared, Known variables) implements Snapshot {
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
      return shared.decide(action, resource, variables);
    }

    @Override
    public boolean asksTime() {
      return shared.asksTime();
    }
  }
}
