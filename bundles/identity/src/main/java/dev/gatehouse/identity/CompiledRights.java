package dev.gatehouse.identity;

import dev.gatehouse.api.identity.Decision;
import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.api.identity.Rights;
import dev.gatehouse.identity.policy.Policy;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The rights of one principal; compiled again when the revision has changed. */
final class CompiledRights implements Rights {
  private final Identity identity;
  private final PolicyIndex index;
  private final Principal principal;
  private final Map<String, String> variables;
  private volatile Snapshot snapshot;

  private record Snapshot(long revision, boolean everything, List<Policy> policies) {}

  CompiledRights(
      Identity identity, PolicyIndex index, Principal principal, Map<String, String> variables) {
    this.identity = identity;
    this.index = index;
    this.principal = principal;
    Map<String, String> anyCase = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    anyCase.putAll(variables);
    this.variables = Collections.unmodifiableMap(anyCase);
    this.snapshot = compile();
  }

  private Snapshot compile() {
    long revision = index.revision(); // before the reading: a change meanwhile is seen next time
    boolean everything = principal instanceof Principal.Component;
    return new Snapshot(
        revision, everything, everything ? List.of() : identity.policiesOf(principal));
  }

  @Override
  public Decision decide(String action, String resource) {
    Snapshot current = snapshot;
    if (current.revision() != index.revision()) {
      current = compile();
      snapshot = current;
    }
    return current.everything()
        ? Decision.ALLOWED
        : Policy.decide(current.policies(), action, resource, variables);
  }

  @Override
  public long revision() {
    return index.revision();
  }
}
