package dev.gatehouse.actions.republish;

import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.identity.Authorizer;
import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.api.identity.Rights;
import dev.gatehouse.api.identity.Roles;
import dev.gatehouse.api.rules.action.ActionFailure;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The role that a rule acts as: whose rights it has at this moment. */
final class Actor {
  private static final String SERVICE = "iot.amazonaws.com";

  private final String roleArn;
  private final Supplier<@Nullable Roles> roles;
  private final Authorizer authorizer;
  private volatile @Nullable Session last;

  private record Session(Principal.RoleSession principal, Rights rights) {}

  Actor(String roleArn, Supplier<@Nullable Roles> roles, Authorizer authorizer) {
    this.roleArn = roleArn;
    this.roles = roles;
    this.authorizer = authorizer;
  }

  /**
   * A session of the role that may publish.
   *
   * @throws ActionFailure if there is none, or it may not
   */
  Principal publishing(Account account, String ruleName, String topic) {
    Roles now = roles.get();
    if (now == null) {
      throw new ActionFailure(topic, "roles cannot be looked up at the moment", true, null);
    }
    Principal.RoleSession principal =
        now.session(account, roleArn, SERVICE, ruleName)
            .orElseThrow(
                () ->
                    new ActionFailure(
                        topic,
                        "there is no role " + roleArn + " that trusts " + SERVICE,
                        false,
                        null));
    String resource = account.arn("iot", "topic/" + topic).toString();
    if (!rights(principal).decide("iot:Publish", resource).allowed()) {
      throw new ActionFailure(
          topic, "role " + roleArn + " may not do iot:Publish on " + resource, false, null);
    }
    return principal;
  }

  private Rights rights(Principal.RoleSession principal) {
    Session before = last;
    if (before != null && before.principal().equals(principal)) {
      return before.rights();
    }
    Session next = new Session(principal, authorizer.rights(principal, Map.of()));
    last = next;
    return next.rights();
  }
}
