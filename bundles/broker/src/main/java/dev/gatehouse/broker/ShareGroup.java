package dev.gatehouse.broker;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The members of a shared subscription, of which each message goes to one (MQTT 5, 4.8.2). They
 * take turns; who can take a message now goes before who is busy, and who is there before a kept
 * session.
 */
final class ShareGroup extends Subscriber {
  private volatile List<SessionSubscription> members = List.of();
  private final AtomicInteger turn = new AtomicInteger();

  /** Takes one out and one in; either may be null. Returns how many there are then. */
  synchronized int replace(
      @Nullable SessionSubscription before, @Nullable SessionSubscription after) {
    List<SessionSubscription> changed = new ArrayList<>(members);
    changed.remove(before);
    if (after != null) {
      changed.add(after);
    }
    members = List.copyOf(changed);
    return changed.size();
  }

  /** Whose turn it is; null if nobody can take anything. */
  @Nullable SessionSubscription pick() {
    List<SessionSubscription> all = members;
    int start = turn.getAndIncrement();
    SessionSubscription chosen = first(all, start, member -> member.session.outbox.ready());
    if (chosen == null) {
      chosen = first(all, start, member -> member.session.outbox.attached());
    }
    return chosen != null ? chosen : first(all, start, member -> member.session.durable());
  }

  private static @Nullable SessionSubscription first(
      List<SessionSubscription> all, int start, Predicate<SessionSubscription> fit) {
    for (int i = 0; i < all.size(); i++) {
      SessionSubscription member = all.get(Math.floorMod(start + i, all.size()));
      if (fit.test(member)) {
        return member;
      }
    }
    return null;
  }
}
