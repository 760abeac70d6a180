package dev.gatehouse.broker;

import java.util.ArrayList;
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
    Map<Object, Object> byTarget = new LinkedHashMap<>();
    addAll(byTarget, first);
    others.forEach(subscribers -> addAll(byTarget, subscribers));
    Subscriber[] all = new Subscriber[byTarget.size()];
    int i = 0;
    for (Object target : byTarget.values()) {
      all[i++] =
          target instanceof Several several
              ? SessionSubscription.merged(several.subscriptions)
              : (Subscriber) target;
    }
    return all;
  }

  /** The subscriptions of one session that match. */
  private record Several(List<SessionSubscription> subscriptions) {}

  private static void addAll(Map<Object, Object> byTarget, @Nullable Object subscribers) {
    if (subscribers instanceof Subscriber[] many) {
      for (Subscriber subscriber : many) {
        add(byTarget, subscriber);
      }
    } else if (subscribers instanceof Subscriber one) {
      add(byTarget, one);
    }
  }

  private static void add(Map<Object, Object> byTarget, Subscriber subscriber) {
    if (!(subscriber instanceof SessionSubscription subscription)) {
      byTarget.put(subscriber, subscriber);
      return;
    }
    Object known = byTarget.putIfAbsent(subscription.session, subscription);
    if (known instanceof Several several) {
      several.subscriptions.add(subscription);
    } else if (known instanceof SessionSubscription one) {
      byTarget.put(subscription.session, new Several(new ArrayList<>(List.of(one, subscription))));
    }
  }
}
