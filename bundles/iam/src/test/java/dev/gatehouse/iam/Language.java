package dev.gatehouse.iam;

import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.identity.Decision;
import dev.gatehouse.api.identity.PolicyLanguage;
import dev.gatehouse.identity.policy.MalformedPolicy;
import dev.gatehouse.identity.policy.Moment;
import dev.gatehouse.identity.policy.Policy;
import dev.gatehouse.identity.policy.PolicyParser;
import dev.gatehouse.identity.policy.Values;
import java.time.Clock;
import java.util.List;
import java.util.Map;

/** The gateway's policy language, as the identity offers it. */
record Language(Clock clock) implements PolicyLanguage {

  @Override
  public Compiled compile(String document) {
    Policy policy;
    try {
      policy = PolicyParser.stored(document);
    } catch (MalformedPolicy e) {
      throw malformed(String.valueOf(e.getMessage()));
    }
    return new Compiled() {
      @Override
      public Decision decide(String action, String resource, Map<String, String> variables) {
        Values known = Moment.at(clock.instant(), Values.of(variables));
        return Policy.decide(List.of(policy), action, resource, known);
      }

      @Override
      public boolean asksTime() {
        return policy.asksTime();
      }
    };
  }

  @Override
  public void vet(String document, String subject) {
    try {
      PolicyParser.parse(document).findings().stream()
          .filter(Policy.Finding::gives)
          .findFirst()
          .ifPresent(
              finding -> {
                throw malformed(finding.text());
              });
    } catch (MalformedPolicy e) {
      throw malformed(String.valueOf(e.getMessage()));
    }
  }

  private static ServiceException malformed(String message) {
    return new ServiceException(ErrorCode.MALFORMED_POLICY, message);
  }
}
