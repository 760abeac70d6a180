package dev.gatehouse.broker;

import dev.gatehouse.api.message.QoS;
import dev.gatehouse.api.message.TopicFilter;
import dev.gatehouse.api.session.SubscribeResult;
import dev.gatehouse.api.session.SubscriptionRequest;
import dev.gatehouse.api.session.SubscriptionRequest.RetainHandling;
import dev.gatehouse.api.store.Batch;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The subscriptions of one session. They count from the call on, before they are durable; what can
 * not be made durable is undone. Guarded by this; the ledger's lock comes after it.
 */
final class Subscriptions {
  private static final int SUBSCRIPTION_BYTES = 250; // with its filter's objects
  private static final int LITTLE = 4 << 10; // bytes of one session

  private static final Map<TopicFilter, SessionSubscription> ENDED =
      Collections.unmodifiableMap(new HashMap<>(0)); // identity matters

  private final ClientSession session;
  // most sessions have one, for which a table would be heavy: it stands here, and others there
  private @Nullable SessionSubscription one;
  private Map<TopicFilter, SessionSubscription> others = Map.of();
  private long bytes;

  Subscriptions(ClientSession session) {
    this.session = session;
  }

  /** One filter's change: either side is null if there was or is none. */
  private record Change(
      TopicFilter filter,
      @Nullable SessionSubscription before,
      @Nullable SessionSubscription after) {}

  /**
   * What a SUBSCRIBE did so far.
   *
   * @param retained the subscriptions that get retained messages
   * @param durable true when it may be acknowledged
   */
  record Granted(
      List<SubscribeResult> results,
      List<SessionSubscription> retained,
      CompletionStage<Boolean> durable) {}

  synchronized Granted add(List<SubscriptionRequest> requests, int most, Ledger ledger) {
    List<Change> changes = new ArrayList<>();
    List<SubscribeResult> results = new ArrayList<>();
    List<SessionSubscription> retained = new ArrayList<>();
    for (SubscriptionRequest request : requests) {
      SessionSubscription before = get(request.filter());
      // the filter that is there already is in maps and need not be in memory twice
      TopicFilter filter =
          before == null || before.filter == null ? request.filter() : before.filter;
      QoS granted = request.maximumQos();
      SessionSubscription after = SessionSubscription.of(session, filter, request, granted);
      Change change = new Change(filter, before, after);
      if (ended() || (before == null && (size() >= most || !tryAdd(change)))) {
        results.add(SubscribeResult.QUOTA_EXCEEDED);
        continue;
      }
      if (before != null) {
        apply(change);
      }
      changes.add(change);
      results.add(result(granted));
      if (getsRetained(request, before)) {
        retained.add(after);
      }
    }
    return new Granted(results, retained, commit(changes, ledger));
  }

  /** A new subscription comes if there is memory for it. */
  private boolean tryAdd(Change change) {
    SessionSubscription added = Objects.requireNonNull(change.after());
    TopicFilter filter = change.filter();
    Realm realm = session.realm;
    boolean little = bytes + bytes(filter) + TopicTrie.bytes(filter) <= LITTLE;
    if (!(little || realm.memory.hasRoomForMany())
        || !realm.memory.sessions.tryTake(bytes(filter))) {
      return false;
    }
    if (filter.shared() ? realm.shares.tryAdd(filter, added) : realm.trie.tryAdd(filter, added)) {
      keep(filter, added);
      bytes += bytes(filter);
      return true;
    }
    realm.memory.sessions.release(bytes(filter));
    return false;
  }

  private static long bytes(TopicFilter filter) {
    return SUBSCRIPTION_BYTES + 2L * filter.value().length();
  }

  /** Shared subscriptions get none (MQTT 5, 4.8.2). */
  private static boolean getsRetained(
      SubscriptionRequest request, @Nullable SessionSubscription before) {
    return !request.filter().shared()
        && (request.retainHandling() == RetainHandling.SEND_ON_SUBSCRIBE
            || (request.retainHandling() == RetainHandling.SEND_IF_NEW && before == null));
  }

  private static SubscribeResult result(QoS granted) {
    switch (granted) {
      case AT_MOST_ONCE:
        return SubscribeResult.GRANTED_QOS_0;
      case AT_LEAST_ONCE:
        return SubscribeResult.GRANTED_QOS_1;
      default:
        return SubscribeResult.GRANTED_QOS_2;
    }
  }

  /** What an UNSUBSCRIBE did so far: whether each filter was there. */
  record Removed(List<Boolean> results, CompletionStage<Boolean> durable) {}

  synchronized Removed remove(List<TopicFilter> filters, Ledger ledger) {
    List<Change> changes = new ArrayList<>();
    List<Boolean> results = new ArrayList<>();
    for (TopicFilter filter : filters) {
      SessionSubscription before = get(filter);
      results.add(before != null);
      if (before != null) {
        Change change = new Change(filter, before, null);
        apply(change);
        changes.add(change);
      }
    }
    return new Removed(results, commit(changes, ledger));
  }

  /** The subscription of a filter; null if there is none. */
  synchronized @Nullable SessionSubscription find(TopicFilter filter) {
    return get(filter);
  }

  /** Takes a subscription that the store holds. */
  synchronized void restore(SessionSubscription subscription, TopicFilter filter) {
    apply(new Change(filter, null, subscription));
  }

  /** The session ended: all go, and none comes any more. Returns the filters, for the store. */
  synchronized List<TopicFilter> end() {
    List<TopicFilter> filters = new ArrayList<>(others.keySet());
    if (one != null && one.filter != null) {
      filters.add(one.filter);
    }
    filters.forEach(filter -> apply(new Change(filter, get(filter), null)));
    others = ENDED;
    return filters;
  }

  private boolean ended() {
    return others == ENDED;
  }

  private CompletionStage<Boolean> commit(List<Change> changes, Ledger ledger) {
    return ledger
        .commit(batch -> addRows(batch, changes))
        .thenApply(
            durable -> {
              if (!durable) {
                undo(changes);
              }
              return durable;
            });
  }

  private void addRows(Batch batch, List<Change> changes) {
    if (!session.durable()) {
      return;
    }
    if (changes.stream().allMatch(change -> change.before() != null)) {
      batch.urgent(); // a client that comes back asks for what it has, on a full disk too
    }
    for (Change change : changes) {
      if (change.after() == null) {
        SessionRows.delete(batch, session, change.filter());
        if (session.hasFeeds()) {
          session.feeds().end(change.filter(), batch, session);
        }
      } else {
        SessionRows.put(batch, session, change.filter(), change.after());
      }
    }
  }

  private synchronized void undo(List<Change> changes) {
    for (int i = changes.size() - 1; i >= 0; i--) {
      Change change = changes.get(i);
      // unless a later change or the session's end came over it
      if (!ended() && get(change.filter()) == change.after()) {
        apply(new Change(change.filter(), change.after(), change.before()));
      }
    }
  }

  private boolean isOne(TopicFilter filter) {
    return one != null && filter.equals(one.filter);
  }

  private @Nullable SessionSubscription get(TopicFilter filter) {
    return isOne(filter) ? one : others.get(filter);
  }

  private int size() {
    return others.size() + (one == null ? 0 : 1);
  }

  private void keep(TopicFilter filter, SessionSubscription subscription) {
    if (isOne(filter) || (one == null && !others.containsKey(filter))) {
      one = subscription;
      return;
    }
    if (others.isEmpty()) {
      others = new HashMap<>();
    }
    others.put(filter, subscription);
  }

  /** Forgets one that is there. */
  private void forget(TopicFilter filter) {
    if (isOne(filter)) {
      one = null;
    } else {
      others.remove(filter);
    }
  }

  private void apply(Change change) {
    TopicTrie trie = session.realm.trie;
    TopicFilter filter = change.filter();
    SessionSubscription before = change.before();
    SessionSubscription after = change.after();
    if (after == null) {
      if (before != null) {
        forget(filter);
        bytes -= bytes(filter);
        session.realm.memory.sessions.release(bytes(filter));
      }
    } else {
      keep(filter, after);
      if (before == null) {
        bytes += bytes(filter);
        session.realm.memory.sessions.take(bytes(filter));
      }
    }
    if (filter.shared()) {
      session.realm.shares.change(filter, before, after);
    } else if (after == null) {
      if (before != null) {
        trie.remove(filter, before);
      }
    } else {
      if (before == null) {
        trie.add(filter, after);
      } else {
        trie.replace(filter, before, after);
      }
    }
  }
}
