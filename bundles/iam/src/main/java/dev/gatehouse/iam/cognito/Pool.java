package dev.gatehouse.iam.cognito;

import dev.gatehouse.api.identity.Account;
import java.util.Map;
import java.util.Optional;

/**
 * An identity pool.
 *
 * @param id {@code region:uuid}
 * @param providers client ids by the issuers of OpenID Connect that vouch for identities
 * @param authenticatedRole ARN, empty if none is set
 * @param unauthenticatedRole ARN, empty if none is set
 */
public record Pool(
    Account account,
    String id,
    String name,
    boolean allowsUnauthenticated,
    Map<String, String> providers,
    String authenticatedRole,
    String unauthenticatedRole) {

  /** Copies the map. */
  public Pool {
    providers = Map.copyOf(providers);
  }

  /** The role of identities of one sort. */
  public Optional<String> roleArn(boolean authenticated) {
    return Optional.of(authenticated ? authenticatedRole : unauthenticatedRole)
        .filter(arn -> !arn.isEmpty());
  }

  /** With other roles. */
  public Pool with(String authenticated, String unauthenticated) {
    return new Pool(
        account, id, name, allowsUnauthenticated, providers, authenticated, unauthenticated);
  }
}
