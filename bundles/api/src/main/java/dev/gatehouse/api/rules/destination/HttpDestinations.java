package dev.gatehouse.api.rules.destination;

import dev.gatehouse.api.identity.Account;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/** The HTTP destinations of accounts. In memory, never blocks. */
@ProviderType
public interface HttpDestinations {

  /**
   * The status of a destination, as the API names it: {@code ENABLED}, {@code DISABLED}, {@code
   * IN_PROGRESS} or {@code ERROR}.
   *
   * @param confirmationUrl exactly as it was given
   * @return empty if the account has no such destination
   */
  Optional<String> status(Account account, String confirmationUrl);
}
