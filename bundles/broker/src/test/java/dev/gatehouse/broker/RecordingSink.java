package dev.gatehouse.broker;

import dev.gatehouse.api.message.Message;
import dev.gatehouse.api.message.QoS;
import dev.gatehouse.api.session.SessionEnd;
import dev.gatehouse.api.session.SessionSink;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** A connection that remembers what it was given. */
final class RecordingSink implements SessionSink {
  final List<Delivered> delivered = new CopyOnWriteArrayList<>();
  final List<Integer> released = new CopyOnWriteArrayList<>();
  final List<SessionEnd> ends = new CopyOnWriteArrayList<>();
  volatile Function<Message, Delivery> answer = message -> Delivery.SENT;

  record Delivered(
      Message message, QoS qos, int packetId, boolean retain, boolean dup, List<Integer> ids) {
    String text() {
      return message.payload().text();
    }
  }

  @Override
  public Delivery deliver(
      Message message,
      QoS qos,
      int packetId,
      boolean retain,
      boolean duplicate,
      List<Integer> subscriptionIds) {
    Delivery delivery = answer.apply(message);
    if (delivery != Delivery.REFUSED) {
      delivered.add(new Delivered(message, qos, packetId, retain, duplicate, subscriptionIds));
    }
    return delivery;
  }

  @Override
  public void release(int packetId) {
    released.add(packetId);
  }

  @Override
  public void end(SessionEnd reason) {
    ends.add(reason);
  }

  List<String> texts() {
    return delivered.stream().map(Delivered::text).toList();
  }

  List<Integer> packetIds() {
    return delivered.stream().map(Delivered::packetId).toList();
  }

  List<Boolean> dups() {
    return delivered.stream().map(Delivered::dup).toList();
  }
}
