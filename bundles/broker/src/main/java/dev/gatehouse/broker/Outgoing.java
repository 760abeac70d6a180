package dev.gatehouse.broker;

import dev.gatehouse.api.message.Message;
import dev.gatehouse.api.message.QoS;
import dev.gatehouse.api.store.Queue;
import java.util.ArrayList;
import java.util.List;

/**
 * One message on its way to one session, guarded by its outbox. What differs from session to
 * session is the header of the stored entry.
 */
final class Outgoing {
  private static final int VERSION = 1;
  private static final int QOS = 3;
  private static final int RETAIN = 4;
  private static final int ID_BYTES = 20;

  /** In the session's stored queue, from 1; 0 if it is not there. */
  final long number;

  final Message message;
  final QoS qos;
  final boolean retain;
  final List<Integer> ids;
  final int bytes; // about what it takes in memory
  boolean duplicate;
  int packetId; // 0 until it is in flight
  boolean sent; // over the present connection
  boolean stored; // the entry is durable
  boolean marked; // its packet id is durable, which QoS 2 of a stored entry needs before it is sent

  Outgoing(long number, Message message, QoS qos, boolean retain, List<Integer> ids) {
    this.number = number;
    this.message = message;
    this.qos = qos;
    this.retain = retain;
    this.ids = ids;
    this.bytes = (int) message.heapBytes() + ID_BYTES * ids.size();
  }

  /** Whether its packet id has to be durable before it is sent: it must never get another one. */
  boolean needsMark() {
    return qos == QoS.EXACTLY_ONCE && number > 0;
  }

  byte[] header() {
    RowWriter row = new RowWriter(6 + 4 * ids.size());
    row.oneByte(VERSION).oneByte(RowWriter.level(qos) | (retain ? RETAIN : 0)).number(ids.size());
    ids.forEach(row::number);
    return row.toBytes();
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
        List.copyOf(ids));
  }
}
