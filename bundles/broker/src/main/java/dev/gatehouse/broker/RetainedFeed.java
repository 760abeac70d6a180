package dev.gatehouse.broker;

import dev.gatehouse.api.message.TopicFilter;
import dev.gatehouse.api.store.Batch;

/**
 * How far a new subscription has been given the retained messages that match it [MQTT-3.3.1-9]:
 * they are handed on in the order of their topics, as fast as the session takes them. Of a
 * persistent session it has a row until all were handed on.
 */
final class RetainedFeed {
  private static final int VERSION = 1;

  final TopicFilter filter;
  final long revision; // of what was retained when it began: what is newer came as it was published
  final boolean stored;
  private volatile String after; // the topic that was handed on last; empty: none was

  RetainedFeed(TopicFilter filter, long revision, boolean stored, String after) {
    this.filter = filter;
    this.revision = revision;
    this.stored = stored;
    this.after = after;
  }

  /** Reads a row. */
  static RetainedFeed read(TopicFilter filter, long revision, byte[] value) {
    return new RetainedFeed(filter, revision, true, new RowReader(value, VERSION).text());
  }

  String after() {
    return after;
  }

  void advance(String topic) {
    after = topic;
  }

  /** Puts its row, if it has one, as it is when all up to a topic are handed on. */
  void put(Batch batch, ClientSession session, String handedOn) {
    if (stored) {
      byte[] row = new RowWriter(64).oneByte(VERSION).text(handedOn).toBytes();
      batch.put(Keys.FEEDS, key(session), row);
    }
  }

  /** Deletes its row, if it has one. */
  void delete(Batch batch, ClientSession session) {
    if (stored) {
      batch.delete(Keys.FEEDS, key(session));
    }
  }

  private byte[] key(ClientSession session) {
    return Keys.of(session.realm.account, session.clientId, filter.value());
  }
}
