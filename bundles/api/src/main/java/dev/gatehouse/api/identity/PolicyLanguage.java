package dev.gatehouse.api.identity;

import java.util.Map;
import org.osgi.annotation.versioning.ProviderType;

/** The one language of policy documents (guide: AWS IoT Policies), for whoever keeps documents. */
@ProviderType
public interface PolicyLanguage {

  /**
   * Compiles a document, one that was taken before among them.
   *
   * @throws dev.gatehouse.api.error.ServiceException MALFORMED_POLICY, saying where and why
   */
  Compiled compile(String document);

  /**
   * Looks at a document that somebody gives, beyond {@link #compile}. What would give rights that
   * the document does not seem to give is refused; other surprises are logged.
   *
   * @param subject whose document it is, for the log
   * @throws dev.gatehouse.api.error.ServiceException MALFORMED_POLICY, saying where and why
   */
  void vet(String document, String subject);

  /** A compiled document. Immutable and thread-safe; deciding never blocks. */
  @ProviderType
  interface Compiled {

    /**
     * What this document alone says.
     *
     * @param resource the full ARN
     * @param variables values of policy variables and condition keys, by name, without {@code ${}};
     *     a map that ignores case, as these names do
     */
    Decision decide(String action, String resource, Map<String, String> variables);

    /** Whether the decision depends on the time at which it is made. */
    default boolean asksTime() {
      return false;
    }
  }
}
