package dev.gatehouse.api.registry;

import dev.gatehouse.api.identity.Account;
import java.util.Optional;
import java.util.Set;
import org.osgi.annotation.versioning.ProviderType;

/** Read access to things. May touch the disk: not for event loops. */
@ProviderType
public interface ThingRegistry {

  /** A thing by name. */
  Optional<Thing> find(Account account, String thingName);

  /** Names of the things that a principal (a certificate's ARN) is attached to. */
  Set<String> thingsOf(Account account, String principalArn);
}
