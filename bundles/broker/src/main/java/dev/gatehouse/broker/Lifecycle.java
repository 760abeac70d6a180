package dev.gatehouse.broker;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.api.message.Message;
import dev.gatehouse.api.message.Payload;
import dev.gatehouse.api.message.TopicFilter;
import dev.gatehouse.api.message.TopicName;
import dev.gatehouse.api.session.SessionEnd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/** Tells on {@code $aws/events/…} what clients do (guide, "Lifecycle Events"). */
final class Lifecycle {
  private final Router router;
  private final Clock clock;
  private final UUID start = UUID.randomUUID(); // of this one start of the broker
  private final AtomicLong version = new AtomicLong();
  private final JsonFactory json = new JsonFactory();

  Lifecycle(Router router, Clock clock) {
    this.router = router;
    this.clock = clock;
  }

  /**
   * The {@code versionNumber} of a connection: the clock's milliseconds, and more than the one
   * before even if the clock stands or goes back.
   */
  long nextVersion() {
    return version.updateAndGet(last -> Math.max(last + 1, clock.millis()));
  }

  void connected(Connection connection) {
    presence(connection, "connected", out -> {});
  }

  void disconnected(Connection connection, SessionEnd end) {
    boolean byClient =
        end == SessionEnd.CLIENT_INITIATED || end == SessionEnd.CLIENT_INITIATED_WITH_WILL;
    presence(
        connection,
        "disconnected",
        out -> {
          out.writeBooleanField("clientInitiatedDisconnect", byClient);
          out.writeStringField("disconnectReason", end.lifecycleReason());
        });
  }

  private void presence(Connection connection, String event, Members members) {
    tell(
        connection.session,
        "presence",
        event,
        out -> {
          out.writeStringField("sessionIdentifier", sessionIdentifier(connection));
          out.writeStringField("ipAddress", connection.source.getHostAddress());
          out.writeNumberField("versionNumber", connection.version);
          members.write(out);
        });
  }

  void subscribed(Connection connection, List<TopicFilter> filters) {
    subscriptions(connection, "subscribed", filters);
  }

  void unsubscribed(Connection connection, List<TopicFilter> filters) {
    subscriptions(connection, "unsubscribed", filters);
  }

  private void subscriptions(Connection connection, String event, List<TopicFilter> filters) {
    if (filters.isEmpty()) {
      return;
    }
    tell(
        connection.session,
        "subscriptions",
        event,
        out -> {
          out.writeStringField("sessionId", sessionIdentifier(connection));
          out.writeArrayFieldStart("topics");
          for (TopicFilter filter : filters) {
            out.writeString(filter.value());
          }
          out.writeEndArray();
        });
  }

  /** A clean session is as long as its connection, whose version no other one has. */
  private String sessionIdentifier(Connection connection) {
    UUID id = connection.session.id;
    if (id == null) {
      long low = start.getLeastSignificantBits() ^ connection.version;
      id = new UUID(start.getMostSignificantBits(), low);
    }
    return id.toString();
  }

  private void tell(ClientSession session, String kind, String event, Members members) {
    String clientId = session.clientId;
    if (clientId.indexOf('#') >= 0 || clientId.indexOf('+') >= 0) {
      return; // as the guide has it: such an id is no topic level
    }
    String topic = "$aws/events/" + kind + "/" + event + "/" + clientId;
    if (session.realm.routes.match(topic).length == 0) {
      return;
    }
    router.publish(
        Message.internal(
            session.realm.account,
            "broker",
            new TopicName(topic),
            Payload.of(document(session, event, members)),
            clock.millis()),
        null,
        null);
  }

  private byte[] document(ClientSession session, String event, Members members) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    try (JsonGenerator out = json.createGenerator(bytes)) {
      out.writeStartObject();
      out.writeStringField("clientId", session.clientId);
      out.writeNumberField("timestamp", clock.millis());
      out.writeStringField("eventType", event);
      members.write(out);
      out.writeStringField("principalIdentifier", identifier(session.owner));
      out.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
    return bytes.toByteArray();
  }

  private static String identifier(Principal principal) {
    if (principal instanceof Principal.Certificate) {
      return principal.id();
    }
    String id = principal.account().id() + "/" + principal.id();
    // The guide's example has the session of a role twice.
    return principal instanceof Principal.RoleSession ? id + "/" + principal.id() : id;
  }

  private interface Members {
    void write(JsonGenerator out) throws IOException;
  }
}
