package dev.gatehouse.api.identity;

import java.util.Map;
import org.osgi.annotation.versioning.ProviderType;

/** The one language of policy documents (guide: AWS IoT Policies), for whoever keeps documents. */
@ProviderType
public interface PolicyLanguage {

  /**
   * Compiles a document.
   *
   * @throws dev.gatehouse.api.error.ServiceException MALFORMED_POLICY, saying where and why
   */
  Compiled compile(String document);

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
  }
}
