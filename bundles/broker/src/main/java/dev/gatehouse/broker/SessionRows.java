package dev.gatehouse.broker;

import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.api.message.QoS;
import dev.gatehouse.api.message.TopicFilter;
import dev.gatehouse.api.session.SubscriptionRequest;
import dev.gatehouse.api.store.Batch;
import java.util.Collection;
import java.util.Objects;
import java.util.UUID;

/** The stored rows of sessions and their subscriptions. */
final class SessionRows {
  private static final int VERSION = 1;
  private static final int NO_LOCAL = 4;
  private static final int RETAIN_AS_PUBLISHED = 8;

  private SessionRows() {}

  /**
   * A session's row.
   *
   * @param disconnectedMillis when its connection ended, milliseconds since the epoch, -1 if it is
   *     connected
   * @param sentUpTo number of the last entry of its queue that was perhaps sent
   */
  record Row(
      Principal owner, UUID id, long expirySeconds, long disconnectedMillis, long sentUpTo) {}

  static Row read(byte[] value) {
    RowReader row = new RowReader(value, VERSION);
    return new Row(
        row.principal(),
        new UUID(row.longNumber(), row.longNumber()),
        row.longNumber(),
        row.longNumber(),
        row.longNumber());
  }

  static void put(Batch batch, ClientSession session, long expirySeconds, long disconnectedMillis) {
    UUID id = Objects.requireNonNull(session.id, "a clean session has no row");
    byte[] row =
        new RowWriter(192)
            .oneByte(VERSION)
            .principal(session.owner)
            .longNumber(id.getMostSignificantBits())
            .longNumber(id.getLeastSignificantBits())
            .longNumber(expirySeconds)
            .longNumber(disconnectedMillis)
            .longNumber(session.outbox.sentUpTo())
            .toBytes();
    batch.put(Keys.SESSIONS, Keys.of(session.realm.account, session.clientId), row);
  }

  /** Removes a session with its subscriptions, its queue and its packet ids. */
  static void delete(Batch batch, ClientSession session, Collection<TopicFilter> filters) {
    batch.delete(Keys.SESSIONS, Keys.of(session.realm.account, session.clientId));
    filters.forEach(filter -> delete(batch, session, filter));
    batch.drop(session.outbox.queueName());
    session.outbox.deleteMarks(batch);
    if (session.hasFeeds()) {
      session.feeds().end(batch, session);
    }
    session.received().end(batch);
  }

  static void put(
      Batch batch, ClientSession session, TopicFilter filter, SessionSubscription subscription) {
    int flags =
        RowWriter.level(subscription.qos)
            | (subscription.noLocal() ? NO_LOCAL : 0)
            | (subscription.retainAsPublished ? RETAIN_AS_PUBLISHED : 0);
    byte[] row =
        new RowWriter(6)
            .oneByte(VERSION)
            .oneByte(flags)
            .number(subscription.ids.isEmpty() ? 0 : subscription.ids.get(0))
            .toBytes();
    batch.put(Keys.SUBSCRIPTIONS, key(session, filter), row);
  }

  static void delete(Batch batch, ClientSession session, TopicFilter filter) {
    batch.delete(Keys.SUBSCRIPTIONS, key(session, filter));
  }

  static SessionSubscription readSubscription(
      ClientSession session, TopicFilter filter, byte[] value) {
    RowReader row = new RowReader(value, VERSION);
    int flags = row.oneByte();
    int id = row.number();
    SubscriptionRequest request =
        new SubscriptionRequest(
            filter,
            QoS.of(flags & 3),
            (flags & NO_LOCAL) != 0,
            (flags & RETAIN_AS_PUBLISHED) != 0,
            SubscriptionRequest.RetainHandling.DO_NOT_SEND,
            id);
    return SessionSubscription.of(session, filter, request, request.maximumQos());
  }

  private static byte[] key(ClientSession session, TopicFilter filter) {
    return Keys.of(session.realm.account, session.clientId, filter.value());
  }
}
