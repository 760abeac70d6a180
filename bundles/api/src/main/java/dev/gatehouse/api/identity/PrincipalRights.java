package dev.gatehouse.api.identity;

import org.osgi.annotation.versioning.ProviderType;

/**
 * The rights of the principals that IAM knows: users, role sessions and Cognito identities. Edges
 * ask the {@link Authorizer}, which asks here.
 */
@ProviderType
public interface PrincipalRights {

  /**
   * The rights that IAM policies give; none for any other kind of principal. Hold it as long as the
   * connection.
   *
   * @param variables as of {@link Authorizer#rights}
   */
  Rights rights(Principal principal, PolicyVariables variables);

  /** Whether an account has a Cognito identity, to attach a policy to. In memory, never blocks. */
  boolean hasIdentity(Account account, String identityId);
}
