package dev.gatehouse.broker;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.message.Message;
import dev.gatehouse.api.message.Payload;
import dev.gatehouse.api.message.TopicFilter;
import dev.gatehouse.api.message.TopicName;
import dev.gatehouse.api.session.SessionEnd;
import dev.gatehouse.json.Json;
import java.time.Clock;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** Messages about who comes, goes and subscribes (guide: Lifecycle Events). */
final class LifecycleEvents {
  private final Consumer<Message> publisher;
  private final Clock clock;
  private final Map<SessionKey, AtomicLong> versions = new ConcurrentHashMap<>();

  LifecycleEvents(Consumer<Message> publisher, Clock clock) {
    this.publisher = publisher;
    this.clock = clock;
  }

  void connected(SessionKey key, Connection connection) {
    long version = versions.computeIfAbsent(key, name -> new AtomicLong(-1)).incrementAndGet();
    ObjectNode event = event(key, connection, "connected");
    event.put("ipAddress", connection.request.sourceIp()).put("versionNumber", version);
    publish(key, "presence/connected", event);
  }

  void disconnected(SessionKey key, Connection connection, SessionEnd end) {
    AtomicLong version = versions.get(key);
    ObjectNode event = event(key, connection, "disconnected");
    event
        .put(
            "clientInitiatedDisconnect",
            end == SessionEnd.CLIENT_INITIATED || end == SessionEnd.CLIENT_INITIATED_WITH_WILL)
        .put("disconnectReason", end.lifecycleReason())
        .put("versionNumber", version == null ? 0 : version.get());
    publish(key, "presence/disconnected", event);
  }

  /** The session is gone: its next connection counts from zero again. */
  void forget(SessionKey key) {
    versions.remove(key);
  }

  void subscriptions(
      SessionKey key, Connection connection, boolean subscribed, Collection<TopicFilter> filters) {
    String type = subscribed ? "subscribed" : "unsubscribed";
    ObjectNode event = event(key, connection, type);
    ArrayNode topics = event.putArray("topics");
    filters.forEach(filter -> topics.add(filter.value()));
    publish(key, "subscriptions/" + type, event);
  }

  private ObjectNode event(SessionKey key, Connection connection, String type) {
    return Json.object()
        .put("clientId", key.clientId())
        .put("timestamp", clock.millis())
        .put("eventType", type)
        .put("sessionIdentifier", connection.identifier)
        .put("principalIdentifier", connection.request.principal().id());
  }

  private void publish(SessionKey key, String kind, ObjectNode event) {
    String id = key.clientId();
    if (id.indexOf('#') >= 0 || id.indexOf('+') >= 0) {
      return; // such an id cannot stand in a topic
    }
    publisher.accept(
        Message.internal(
            key.account(),
            "broker",
            new TopicName("$aws/events/" + kind + "/" + id),
            Payload.of(Json.bytes(event)),
            clock.millis()));
  }
}
