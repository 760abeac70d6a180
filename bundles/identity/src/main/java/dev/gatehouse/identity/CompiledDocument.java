package dev.gatehouse.identity;

import dev.gatehouse.api.identity.Decision;
import dev.gatehouse.api.identity.PolicyLanguage;
import dev.gatehouse.identity.policy.Moment;
import dev.gatehouse.identity.policy.Policy;
import dev.gatehouse.identity.policy.Values;
import java.time.Clock;
import java.util.List;
import java.util.Map;

/**
 * A document that somebody else keeps.
 *
 * @param alone the one policy
 */
record CompiledDocument(List<Policy> alone, boolean asksTime, Clock clock)
    implements PolicyLanguage.Compiled {

  @Override
  public Decision decide(String action, String resource, Map<String, String> variables) {
    Values known = Values.of(variables);
    return Policy.decide(
        alone, action, resource, asksTime ? Moment.at(clock.instant(), known) : known);
  }
}
