package dev.gatehouse.rules.delivery;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.message.Message;
import dev.gatehouse.api.message.Origin;
import dev.gatehouse.api.message.Payload;
import dev.gatehouse.api.message.QoS;
import dev.gatehouse.api.message.TopicName;
import dev.gatehouse.api.message.TraceId;
import dev.gatehouse.json.Json;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/**
 * What one action is to do for one message.
 *
 * @param sinceMillis when the rule made it
 * @param rendered the settings that hold templates, with every template replaced, by the key of
 *     their place ({@link dev.gatehouse.api.rules.action.SettingsSchema.Leaf#key})
 * @param payload what SELECT made
 * @param message the message that matched
 */
public record Parcel(
    long sinceMillis, Map<String, String> rendered, Payload payload, Message message) {
  /** Rows of format 1 have no MQTT 5 properties. */
  private static final byte FIRST_FORMAT = 1;

  private static final byte FORMAT = 2;
  private static final int OVERHEAD = 256;

  /** Copies the map. */
  public Parcel {
    rendered = Map.copyOf(rendered);
  }

  /** How much memory it takes, about. */
  long bytes() {
    return OVERHEAD + messageBytes(message) + payload.length() + settingsBytes(rendered);
  }

  /** How much memory a message takes, about. */
  public static long messageBytes(Message message) {
    return OVERHEAD + message.heapBytes();
  }

  /** How much memory the settings of one action for one message take, about. */
  public static long settingsBytes(Map<String, String> rendered) {
    long bytes = 0;
    for (String value : rendered.values()) {
      bytes += 56 + 2L * value.length();
    }
    return bytes;
  }

  /** All but the payloads. */
  byte[] header() {
    ObjectNode root =
        Json.object()
            .put("since", sinceMillis)
            .put("account", message.account().id())
            .put("region", message.account().region())
            .put("topic", message.topic().value())
            .put("qos", message.qos().name())
            .put("time", message.timeMillis())
            .put("traceHigh", message.traceId().high())
            .put("traceLow", message.traceId().low())
            .put("hops", message.hops())
            .put("clientId", message.origin().clientId())
            .put("sourceIp", message.origin().sourceIp());
    root.set("principal", Principals.write(message.origin().principal()));
    Properties.write(message.properties(), root);
    ObjectNode settings = root.putObject("settings");
    rendered.forEach(settings::put);
    return Json.stored(FORMAT, root);
  }

  /** Both payloads; one, if SELECT let it through. */
  byte[] body() {
    byte[] made = payload.bytes();
    byte[] taken = message.payload().bytes();
    boolean same = made == taken;
    ByteBuffer buffer = ByteBuffer.allocate(4 + made.length + (same ? 0 : taken.length));
    buffer.putInt(same ? -1 : made.length).put(made);
    if (!same) {
      buffer.put(taken);
    }
    return buffer.array();
  }

  /** From the stored form of this version or the one before. */
  static Parcel read(byte[] header, byte[] body) {
    boolean first = header.length > 0 && header[0] == FIRST_FORMAT;
    ObjectNode root = Json.restored(first ? FIRST_FORMAT : FORMAT, header);
    ByteBuffer buffer = ByteBuffer.wrap(body);
    int length = buffer.getInt();
    byte[] made = new byte[length < 0 ? buffer.remaining() : length];
    buffer.get(made);
    Payload payload = Payload.of(made);
    byte[] taken = new byte[buffer.remaining()];
    buffer.get(taken);
    Map<String, String> rendered = new HashMap<>();
    root.path("settings")
        .properties()
        .forEach(setting -> rendered.put(setting.getKey(), setting.getValue().textValue()));
    return new Parcel(
        root.path("since").longValue(),
        rendered,
        payload,
        message(root, length < 0 ? payload : Payload.of(taken)));
  }

  private static Message message(ObjectNode root, Payload payload) {
    Account account =
        new Account(root.path("account").textValue(), root.path("region").textValue());
    return new Message(
        account,
        new TopicName(root.path("topic").textValue()),
        payload,
        QoS.valueOf(root.path("qos").textValue()),
        false,
        Properties.read(root),
        new Origin(
            Principals.read(account, root.path("principal")),
            root.path("clientId").textValue(),
            root.path("sourceIp").textValue()),
        root.path("time").longValue(),
        new TraceId(root.path("traceHigh").longValue(), root.path("traceLow").longValue()),
        root.path("hops").intValue());
  }
}
