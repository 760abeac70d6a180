package dev.gatehouse.rules.delivery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.message.MessageProperties;
import dev.gatehouse.api.message.Payload;
import dev.gatehouse.api.message.PayloadFormat;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The MQTT 5 properties of a message in the header of a stored parcel. */
final class Properties {
  private static final String MEMBER = "properties";
  private static final String FORMAT = "payloadFormat";
  private static final String EXPIRY = "expiry";
  private static final String TYPE = "contentType";
  private static final String RESPONSE = "responseTopic";
  private static final String CORRELATION = "correlation";
  private static final String USER = "user";

  private Properties() {}

  /** Adds nothing for a message without properties, as most are. */
  static void write(MessageProperties properties, ObjectNode header) {
    if (properties.equals(MessageProperties.NONE)) {
      return;
    }
    ObjectNode root = header.putObject(MEMBER);
    PayloadFormat format = properties.payloadFormat();
    Payload correlation = properties.correlationData();
    root.put(FORMAT, format == null ? null : format.name());
    root.put(EXPIRY, properties.expirySeconds());
    root.put(TYPE, properties.contentType());
    root.put(RESPONSE, properties.responseTopic());
    root.put(
        CORRELATION,
        correlation == null ? null : Base64.getEncoder().encodeToString(correlation.bytes()));
    ArrayNode pairs = root.putArray(USER);
    properties.userProperties().forEach(pair -> pairs.add(pair.name()).add(pair.value()));
  }

  static MessageProperties read(ObjectNode header) {
    if (!(header.path(MEMBER) instanceof ObjectNode root)) {
      return MessageProperties.NONE;
    }
    String format = text(root, FORMAT);
    String correlation = text(root, CORRELATION);
    List<MessageProperties.UserProperty> pairs = new ArrayList<>();
    JsonNode user = root.path(USER);
    for (int i = 0; i + 1 < user.size(); i += 2) {
      pairs.add(
          new MessageProperties.UserProperty(
              user.path(i).textValue(), user.path(i + 1).textValue()));
    }
    return new MessageProperties(
        format == null ? null : PayloadFormat.valueOf(format),
        root.hasNonNull(EXPIRY) ? root.path(EXPIRY).longValue() : null,
        text(root, TYPE),
        text(root, RESPONSE),
        correlation == null ? null : Payload.of(Base64.getDecoder().decode(correlation)),
        pairs);
  }

  private static @Nullable String text(ObjectNode root, String name) {
    return root.path(name).textValue();
  }
}
