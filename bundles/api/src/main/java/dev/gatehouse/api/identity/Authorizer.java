package dev.gatehouse.api.identity;

import org.osgi.annotation.versioning.ProviderType;

/** Says what principals may do: explicit deny wins, then allow, else deny. */
@ProviderType
public interface Authorizer {

  /**
   * The rights of one caller, compiled. Hold the result as long as the connection: it follows every
   * change of policies by itself.
   *
   * @param variables what the edge knows of the caller; held as long as the result, and asked only
   *     when a policy needs to know
   */
  Rights rights(Principal principal, PolicyVariables variables);
}
