package dev.gatehouse.api.identity;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/** IAM roles, for domains that act on somebody's behalf. */
@ProviderType
public interface Roles {

  /**
   * Checks that a caller may give a role to a service (guide: Passing Role Permissions). A role
   * that is absent is made, with the right to publish anything, if the caller could have made it
   * itself and the gateway is set so.
   *
   * @param variables of the caller, as of {@link PolicyVariables#values}
   * @param roleArn {@code arn:aws:iam::account:role/name}
   * @param service such as {@code iot.amazonaws.com}
   * @return completes when the role may be used and is durable; exceptionally with a {@link
   *     dev.gatehouse.api.error.ServiceException} INVALID_REQUEST if the ARN is malformed, of
   *     another account, or of a role that is absent or does not trust the service, UNAUTHORIZED if
   *     the caller may not pass it
   */
  CompletionStage<Void> pass(
      Principal caller, Map<String, String> variables, String roleArn, String service);

  /**
   * A service's session of a role. In memory, never blocks.
   *
   * @return empty if the account has no such role or the role does not trust the service
   */
  Optional<Principal.RoleSession> session(
      Account account, String roleArn, String service, String sessionName);
}
