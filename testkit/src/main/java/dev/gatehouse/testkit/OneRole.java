package dev.gatehouse.testkit;

import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.identity.Authorizer;
import dev.gatehouse.api.identity.Decision;
import dev.gatehouse.api.identity.PolicyVariables;
import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.api.identity.Rights;
import dev.gatehouse.api.identity.Roles;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiPredicate;

/**
 * The only role that is there, in every account: it trusts AWS IoT, and whoever wants may pass it.
 *
 * @param may whether it may do an action on a resource
 */
public record OneRole(String arn, BiPredicate<String, String> may)
    implements Roles, Authorizer, Rights {
  /** The id of the role. */
  public static final String ID = "AROAX";

  @Override
  public CompletionStage<Void> pass(
      Principal caller, Map<String, String> variables, String roleArn, String service) {
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public Optional<Principal.RoleSession> session(
      Account account, String roleArn, String service, String sessionName) {
    String name = arn.substring(arn.lastIndexOf('/') + 1);
    return roleArn.equals(arn) && service.equals("iot.amazonaws.com")
        ? Optional.of(new Principal.RoleSession(account, name, ID, sessionName))
        : Optional.empty();
  }

  @Override
  public Rights rights(Principal principal, PolicyVariables variables) {
    return this;
  }

  @Override
  public Decision decide(String action, String resource) {
    return may.test(action, resource) ? Decision.ALLOWED : Decision.IMPLICITLY_DENIED;
  }

  @Override
  public long revision() {
    return 0;
  }
}
