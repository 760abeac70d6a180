package dev.gatehouse.broker;

import dev.gatehouse.api.message.Message;
import dev.gatehouse.api.message.PublishOutcome;
import dev.gatehouse.api.message.QoS;
import dev.gatehouse.api.store.Batch;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The way of every message: one look-up, then each subscriber, on the publisher's thread. QoS 0
 * takes the short way, which allocates nothing per subscriber.
 */
final class Router {
  private static final CompletionStage<PublishOutcome> DELIVERED =
      CompletableFuture.completedFuture(PublishOutcome.DELIVERED);
  private static final CompletionStage<PublishOutcome> NO_SUBSCRIBERS =
      CompletableFuture.completedFuture(PublishOutcome.NO_SUBSCRIBERS);
  private static final CompletionStage<PublishOutcome> UNCLAIMED =
      CompletableFuture.completedFuture(PublishOutcome.RESERVED_TOPIC_UNCLAIMED);

  private final Realms realms;
  private final Claims claims;
  private final Ledger ledger;
  private final Counters counters;

  Router(Realms realms, Claims claims, Ledger ledger, Counters counters) {
    this.realms = realms;
    this.claims = claims;
    this.ledger = ledger;
    this.counters = counters;
  }

  /**
   * Hands a message to its subscribers.
   *
   * @param publisher null unless it came from a session, for no-local subscriptions
   * @param others changes to store with it, if any, whether anybody subscribed or not
   */
  CompletionStage<PublishOutcome> publish(
      Message message, @Nullable ClientSession publisher, @Nullable Consumer<Batch> others) {
    counters.received.increment();
    String topic = message.topic().value();
    Realm realm = realms.of(message.account());
    Subscriber[] owners = Subscriber.NONE;
    if (topic.charAt(0) == '$' && ownedByGateway(message)) {
      owners = claims.match(topic);
      if (owners.length == 0) {
        return UNCLAIMED;
      }
    }
    Subscriber[] subscribers = realm.routes.match(topic);
    // what is asked of an owner is a request, not a state to keep
    boolean keep = message.retain() && owners.length == 0;
    if (message.qos() == QoS.AT_MOST_ONCE && !keep) {
      int reached = offerOnce(message, publisher, owners);
      reached += offerOnce(message, publisher, subscribers);
      return reached == 0 ? NO_SUBSCRIBERS : DELIVERED;
    }
    Handoff handoff = new Handoff(message, publisher, ledger, counters);
    handoff.to(owners);
    handoff.to(subscribers);
    if (keep) {
      handoff.retain(realm.retained);
    }
    return handoff.finish(others);
  }

  /** The subscription of a session that a message goes to; null if to none. */
  static @Nullable SessionSubscription target(
      Subscriber subscriber, @Nullable ClientSession publisher) {
    if (subscriber instanceof ShareGroup group) {
      return group.pick(); // no-local is a protocol error there [MQTT-3.8.3-4]
    }
    return subscriber instanceof SessionSubscription subscription
        ? subscription.from(publisher)
        : null;
  }

  private static boolean ownedByGateway(Message message) {
    String topic = message.topic().value();
    boolean status = topic.startsWith("$SYS") && (topic.length() == 4 || topic.charAt(4) == '/');
    return (message.topic().reserved() || status) && !message.origin().internal();
  }

  /** Returns how many subscribers there were, whether they could take it or not. */
  private int offerOnce(
      Message message, @Nullable ClientSession publisher, Subscriber[] subscribers) {
    int reached = 0;
    int delivered = 0;
    for (Subscriber subscriber : subscribers) {
      if (subscriber instanceof MailboxSubscriber mailbox) {
        reached++;
        mailbox.offer(message);
        continue;
      }
      SessionSubscription target = target(subscriber, publisher);
      if (target != null) {
        reached++;
        delivered += target.session.outbox.offerOnce(message, target) ? 1 : 0;
      }
    }
    counters.delivered.add(delivered);
    return reached;
  }

  /** Settled outcomes that all publishers share. */
  static CompletionStage<PublishOutcome> settled(PublishOutcome outcome) {
    switch (outcome) {
      case DELIVERED:
        return DELIVERED;
      case NO_SUBSCRIBERS:
        return NO_SUBSCRIBERS;
      case RESERVED_TOPIC_UNCLAIMED:
        return UNCLAIMED;
      default:
        return CompletableFuture.completedFuture(outcome);
    }
  }
}
