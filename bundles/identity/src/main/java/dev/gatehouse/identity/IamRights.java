package dev.gatehouse.identity;

import dev.gatehouse.api.identity.Decision;
import dev.gatehouse.api.identity.PolicyVariables;
import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.api.identity.PrincipalRights;
import dev.gatehouse.api.identity.Rights;
import dev.gatehouse.identity.policy.Moment;
import dev.gatehouse.identity.policy.Policy;
import dev.gatehouse.identity.policy.Values;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rights of a principal that IAM knows: what IAM says, and for an authenticated Cognito
 * identity's data operations also what the policies attached to it say (guide: Policies for HTTP
 * and WebSocket Clients). Without IAM there are none.
 */
final class IamRights implements Rights {
  private static final Set<String> SCOPED =
      Set.of(
          "iot:connect",
          "iot:publish",
          "iot:subscribe",
          "iot:receive",
          "iot:getthingshadow",
          "iot:updatethingshadow",
          "iot:deletethingshadow");

  private final Iam iam;
  private final PolicyIndex index;
  private final Principal principal;
  private final PolicyVariables variables;
  private final Clock clock;
  private volatile Bound bound;

  /** Where IAM is bound, if it is. */
  interface Iam {
    @Nullable PrincipalRights now();
  }

  private record Bound(@Nullable PrincipalRights provider, @Nullable Rights rights) {}

  IamRights(
      Iam iam, PolicyIndex index, Principal principal, PolicyVariables variables, Clock clock) {
    this.clock = clock;
    this.iam = iam;
    this.index = index;
    this.principal = principal;
    this.variables = variables;
    this.bound = bind(iam.now());
  }

  private Bound bind(@Nullable PrincipalRights provider) {
    return new Bound(provider, provider == null ? null : provider.rights(principal, variables));
  }

  private @Nullable Rights current() {
    PrincipalRights provider = iam.now();
    Bound now = bound;
    if (now.provider() != provider) {
      now = bind(provider);
      bound = now;
    }
    return now.rights();
  }

  @Override
  public Decision decide(String action, String resource) {
    Rights rights = current();
    Decision decision =
        rights == null ? Decision.IMPLICITLY_DENIED : rights.decide(action, resource);
    return decision.allowed() && scoped(action)
        ? decision.and(attached(action, resource))
        : decision;
  }

  private boolean scoped(String action) {
    return principal instanceof Principal.CognitoIdentity identity
        && identity.authenticated()
        && SCOPED.contains(action.toLowerCase(Locale.ROOT));
  }

  private Decision attached(String action, String resource) {
    List<Policy> policies = index.effective(principal.account(), principal.id());
    Values known = Values.of(ConnectionFacts.anyCase(variables.values()));
    return Policy.decide(policies, action, resource, Moment.at(clock.instant(), known));
  }

  private boolean attachedAskTime() {
    return principal instanceof Principal.CognitoIdentity
        && index.effective(principal.account(), principal.id()).stream().anyMatch(Policy::asksTime);
  }

  /** The index moves on when IAM comes or goes, so no sum is met twice. */
  @Override
  public long revision() {
    Rights rights = current();
    long moment = attachedAskTime() ? clock.millis() : 0;
    return (index.revision() << 32) + (rights == null ? 0 : rights.revision()) + moment;
  }
}
