package dev.gatehouse.broker;

import dev.gatehouse.api.message.Message;
import dev.gatehouse.api.message.QoS;
import dev.gatehouse.api.message.TopicFilter;
import dev.gatehouse.api.session.SubscriptionRequest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a session gets of a topic: one of its subscriptions, or several that overlap, merged into
 * one delivery at the highest QoS with all subscription ids [MQTT-3.3.4-2, MQTT-3.3.4-3].
 * Immutable.
 */
sealed class SessionSubscription extends Subscriber {
  final ClientSession session;
  final @Nullable TopicFilter filter; // null if merged
  final QoS qos;
  final List<Integer> ids;
  final boolean retainAsPublished;
  private final boolean noLocal; // not for messages that the session itself published

  private SessionSubscription(
      ClientSession session,
      @Nullable TopicFilter filter,
      QoS qos,
      List<Integer> ids,
      boolean retainAsPublished,
      boolean noLocal) {
    this.session = session;
    this.filter = filter;
    this.qos = qos;
    this.ids = ids;
    this.retainAsPublished = retainAsPublished;
    this.noLocal = noLocal;
  }

  /** Several, of which some are no-local. */
  private static final class PartlyNoLocal extends SessionSubscription {
    // what is left for messages that the session itself published
    private final @Nullable SessionSubscription ofOwn;

    PartlyNoLocal(SessionSubscription all, @Nullable SessionSubscription ofOwn) {
      super(all.session, null, all.qos, all.ids, all.retainAsPublished, true);
      this.ofOwn = ofOwn;
    }

    @Override
    @Nullable SessionSubscription from(@Nullable ClientSession publisher) {
      return publisher == session ? ofOwn : this;
    }
  }

  /**
   * A subscription.
   *
   * @param filter the request's, perhaps an older object
   */
  static SessionSubscription of(
      ClientSession session, TopicFilter filter, SubscriptionRequest request, QoS granted) {
    return new SessionSubscription(
        session,
        filter,
        granted,
        request.subscriptionId() == 0 ? List.of() : List.of(request.subscriptionId()),
        request.retainAsPublished(),
        request.noLocal());
  }

  boolean shared() {
    return filter != null && filter.shared();
  }

  boolean noLocal() {
    return noLocal;
  }

  /** What a message that {@code publisher} published goes to; null if it does not go here. */
  @Nullable SessionSubscription from(@Nullable ClientSession publisher) {
    return publisher != session || !noLocal ? this : null;
  }

  /** The same for messages that are delivered because they were retained, which says so. */
  SessionSubscription retained() {
    return new SessionSubscription(session, null, qos, ids, true, noLocal);
  }

  QoS qosOf(Message message) {
    return message.qos().atMost(qos);
  }

  /** Several of one session as one: in one go, since a session may have thousands of them. */
  static SessionSubscription merged(List<SessionSubscription> all) {
    SessionSubscription merged = merged(all, all.stream().anyMatch(each -> each.noLocal));
    if (!merged.noLocal) {
      return merged;
    }
    List<SessionSubscription> own = all.stream().filter(each -> !each.noLocal).toList();
    return new PartlyNoLocal(merged, own.isEmpty() ? null : merged(own, false));
  }

  private static SessionSubscription merged(List<SessionSubscription> all, boolean noLocal) {
    SessionSubscription first = all.get(0);
    QoS qos = first.qos;
    boolean retainAsPublished = false;
    List<Integer> ids = new ArrayList<>();
    for (SessionSubscription each : all) {
      qos = qos.compareTo(each.qos) >= 0 ? qos : each.qos;
      retainAsPublished |= each.retainAsPublished;
      ids.addAll(each.ids);
    }
    return new SessionSubscription(
        first.session, null, qos, List.copyOf(ids), retainAsPublished, noLocal);
  }
}
