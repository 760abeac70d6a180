package dev.gatehouse.broker;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Gathers the subscribers of the nodes that match a topic; mostly there is one such node. */
final class Matches {
  private @Nullable Object first; // a Subscriber or a Subscriber[]
  private @Nullable List<Object> more;

  /** Takes what a node holds: nothing, a subscriber, or an array of them. */
  void add(@Nullable Object subscribers) {
    if (subscribers == null) {
      return;
    }
    if (first == null) {
      first = subscribers;
    } else {
      if (more == null) {
        more = new ArrayList<>();
      }
      more.add(subscribers);
    }
  }

  /** All of them, the subscriptions of one session merged. */
  Subscriber[] subscribers() {
    if (more != null) {
      return merged(more);
    }
    if (first == null) {
      return Subscriber.NONE;
    }
    return first instanceof Subscriber[] many ? many : new Subscriber[] {(Subscriber) first};
  }

  private Subscriber[] merged(List<Object> others) {
    // A session keeps the place of its first subscription.
    Map<Object, Subscriber> byTarget = new LinkedHashMap<>();
    mergeAll(byTarget, first);
    others.forEach(subscribers -> mergeAll(byTarget, subscribers));
    Collection<Subscriber> all = byTarget.values();
    return all.toArray(Subscriber.NONE);
  }

  private static void mergeAll(Map<Object, Subscriber> byTarget, @Nullable Object subscribers) {
    if (subscribers instanceof Subscriber[] many) {
      for (Subscriber subscriber : many) {
        merge(byTarget, subscriber);
      }
    } else if (subscribers instanceof Subscriber one) {
      merge(byTarget, one);
    }
  }

  private static void merge(Map<Object, Subscriber> byTarget, Subscriber subscriber) {
    if (subscriber instanceof SessionSubscription subscription) {
      byTarget.merge(
          subscription.session,
          subscription,
          (a, b) -> ((SessionSubscription) a).and((SessionSubscription) b));
    } else {
      byTarget.put(subscriber, subscriber);
    }
  }
}
