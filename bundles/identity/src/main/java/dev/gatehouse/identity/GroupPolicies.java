package dev.gatehouse.identity;

import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.registry.ThingRegistry;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Whose policies on thing groups are: they hold for a certificate that connects under the name of a
 * thing which it is attached to and which is in the group or in one below it. The registry is asked
 * only if an account has such policies at all.
 */
final class GroupPolicies {
  private static final String KIND = "thinggroup/";

  private final PolicyIndex index;
  private final Supplier<@Nullable ThingRegistry> things;

  GroupPolicies(PolicyIndex index, Supplier<@Nullable ThingRegistry> things) {
    this.index = index;
    this.things = things;
  }

  /** Changes with whatever {@link #targets} depends on, beside the index. */
  long revision() {
    ThingRegistry registry = things.get();
    return registry == null || !index.onGroups() ? 0 : registry.revision();
  }

  /** The ARNs of the groups whose policies hold for a certificate's connection. */
  Set<String> targets(Account account, String certificateArn, @Nullable String clientId) {
    ThingRegistry registry = things.get();
    boolean attached =
        registry != null
            && clientId != null
            && index.onGroups(account)
            && registry.isAttached(account, certificateArn, clientId);
    return registry == null || clientId == null || !attached
        ? Set.of()
        : arns(account, registry.groupsOf(account, clientId));
  }

  /** The ARNs of the groups that a thing is in, and of those above them. */
  Set<String> ofThing(Account account, String thing) {
    ThingRegistry registry = things.get();
    return registry == null ? Set.of() : arns(account, registry.groupsOf(account, thing));
  }

  boolean isThing(Account account, String thing) {
    ThingRegistry registry = things.get();
    return registry != null && registry.find(account, thing).isPresent();
  }

  boolean isAttached(Account account, String certificateArn, String thing) {
    ThingRegistry registry = things.get();
    return registry != null && registry.isAttached(account, certificateArn, thing);
  }

  /** Whether an ARN is of a thing group of the account, there or not. */
  static boolean isGroup(Account account, String arn) {
    return arn.startsWith(account.arn("iot", KIND).toString());
  }

  /** The ARNs of a group, {@link #isGroup}, and of those above it; empty if it is absent. */
  Set<String> path(Account account, String groupArn) {
    ThingRegistry registry = things.get();
    String name = groupArn.substring(account.arn("iot", KIND).toString().length());
    return registry == null ? Set.of() : arns(account, registry.groupPath(account, name));
  }

  private static Set<String> arns(Account account, List<String> names) {
    Set<String> arns = new LinkedHashSet<>();
    names.forEach(name -> arns.add(account.arn("iot", KIND + name).toString()));
    return arns;
  }
}
