package dev.gatehouse.api.registry;

import dev.gatehouse.api.identity.Account;
import java.util.List;
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

  /** Whether a principal (a certificate's ARN) is attached to a thing. */
  boolean isAttached(Account account, String principalArn, String thingName);

  /** Names of the thing groups that a thing is in, and of those above them. */
  List<String> groupsOf(Account account, String thingName);

  /** Names of a thing group and of those above it; empty if there is no such group. */
  List<String> groupPath(Account account, String groupName);

  /**
   * Grows after a thing has joined or left a thing group, or a principal a thing. In memory, never
   * blocks.
   */
  long revision();
}
