package dev.gatehouse.broker;

import dev.gatehouse.api.message.Message;
import dev.gatehouse.api.message.QoS;
import dev.gatehouse.api.message.TopicFilter;
import dev.gatehouse.api.message.TopicName;
import dev.gatehouse.api.store.Queue;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One message on its way to one session, guarded by its outbox. What differs from session to
 * session is the header of the stored entry.
 */
final class Outgoing {
  private static final int VERSION = 1;
  private static final int QOS = 3;
  private static final int RETAIN = 4;
  private static final int ID_BYTES = 20;
  private static final int SHARED = 8;

  /** In the session's stored queue, from 1; 0 if it is not there. */
  final long number;

  final Message message;
  final QoS qos;
  final boolean retain;
  final List<Integer> ids;
  final int bytes; // about what it takes in memory
  final @Nullable TopicFilter share; // the shared subscription that it came by
  boolean duplicate;
  int packetId; // 0 until it is in flight
  boolean sent; // over the present connection
  boolean stored; // the entry is durable
  boolean marked; // its packet id is durable, which QoS 2 of a stored entry needs before it is sent

  /** One that came by no shared subscription. */
  Outgoing(long number, Message message, QoS qos, boolean retain, List<Integer> ids) {
    this(number, message, qos, retain, ids, null);
  }

  private Outgoing(
      long number,
      Message message,
      QoS qos,
      boolean retain,
      List<Integer> ids,
      @Nullable TopicFilter share) {
    this.number = number;
    this.message = message;
    this.qos = qos;
    this.retain = retain;
    this.ids = ids;
    this.bytes = (int) message.heapBytes() + ID_BYTES * ids.size();
    this.share = share;
  }

  /** A message that goes to a subscription, at its QoS. */
  static Outgoing of(long number, Message message, SessionSubscription to) {
    return new Outgoing(
        number,
        message,
        to.qosOf(message),
        message.retain() && to.retainAsPublished,
        to.ids,
        to.shared() ? to.filter : null);
  }

  /** Whether its packet id has to be durable before it is sent: it must never get another one. */
  boolean needsMark() {
    return qos == QoS.EXACTLY_ONCE && number > 0;
  }

  /** Whether it can be sent now. */
  boolean ready() {
    return marked || !needsMark();
  }

  boolean hasTopic(TopicName topic) {
    return message.topic().equals(topic);
  }

  byte[] header() {
    RowWriter row = new RowWriter(6 + 4 * ids.size());
    int flags = RowWriter.level(qos) | (retain ? RETAIN : 0) | (share == null ? 0 : SHARED);
    row.oneByte(VERSION).oneByte(flags).number(ids.size());
    ids.forEach(row::number);
    if (share != null) {
      row.text(share.value());
    }
    return row.toBytes();
  }

  private static TopicFilter share(String filter) {
    try {
      return new TopicFilter(filter);
    } catch (IllegalArgumentException e) {
      throw new RowReader.BadRowException("shared subscription: " + e.getMessage());
    }
  }

  static Outgoing read(Queue.Entry entry, MessageRow.Reader messages) {
    RowReader row = new RowReader(entry.header(), VERSION);
    int flags = row.oneByte();
    if ((flags & QOS) == QOS) {
      throw new RowReader.BadRowException("QoS 3");
    }
    int count = row.number();
    List<Integer> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ids.add(row.number());
    }
    return new Outgoing(
        entry.number(),
        messages.read(entry.value()),
        QoS.of(flags & QOS),
        (flags & RETAIN) != 0,
        List.copyOf(ids),
        (flags & SHARED) == 0 ? null : share(row.text()));
  }
}
