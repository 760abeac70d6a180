package dev.gatehouse.api.identity;

import java.util.Map;
import org.osgi.annotation.versioning.ProviderType;

/** Says what principals may do: explicit deny wins, then allow, else deny. */
@ProviderType
public interface Authorizer {

  /**
   * The rights of one caller, compiled. Hold the result as long as the connection: it follows every
   * change of policies by itself.
   *
   * @param variables policy variables that the edge knows, such as {@code iot:ClientId} and {@code
   *     aws:SourceIp}, without their {@code ${}}; an absent variable matches nothing in an Allow
   */
  Rights rights(Principal principal, Map<String, String> variables);
}
