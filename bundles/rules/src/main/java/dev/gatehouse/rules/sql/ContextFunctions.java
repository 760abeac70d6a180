package dev.gatehouse.rules.sql;

import dev.gatehouse.api.message.MessageProperties;
import dev.gatehouse.api.message.Payload;
import dev.gatehouse.api.message.PayloadFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Functions that tell about the message and the rule. */
final class ContextFunctions {
  private static final String BASIC_INGEST = "$aws/rules/";

  private ContextFunctions() {}

  static void addTo(Map<String, Function> all) {
    all.put(
        "accountid",
        (e, a) ->
            e.context().clientId() == null
                ? Value.UNDEFINED
                : new Value.Text(e.context().accountId()));
    all.put(
        "clientid",
        (e, a) -> {
          String id = e.context().clientId();
          return new Value.Text(id == null ? "n/a" : id);
        });
    all.put("principal", (e, a) -> new Value.Text(e.context().principal()));
    all.put("sourceip", (e, a) -> TextFunctions.of(e.context().sourceIp()));
    all.put(
        "traceid",
        (e, a) ->
            e.context().clientId() == null
                ? Value.UNDEFINED
                : new Value.Text(e.context().traceId()));
    all.put("timestamp", (e, a) -> new Value.Int(e.context().timeMillis()));
    all.put("topic", (e, a) -> topic(e, a));
    all.put("get_mqtt_property", (e, a) -> property(e, a));
    all.put("get_user_properties", (e, a) -> userProperties(e, a));
    all.put("newuuid", (e, a) -> new Value.Text(UUID.randomUUID().toString()));
    all.put("sql_version", (e, a) -> new Value.Text(e.version().wireName()));
  }

  private static Value property(Evaluation evaluation, Value[] arguments) {
    MessageProperties properties = evaluation.context().properties();
    String name = arguments.length == 1 ? Convert.text(arguments[0], evaluation) : null;
    return switch (name == null ? "" : name) {
      case "format_indicator" ->
          new Value.Text(
              properties.payloadFormat() == PayloadFormat.UTF8_DATA
                  ? "UTF8_DATA"
                  : "UNSPECIFIED_BYTES");
      case "content_type" -> TextFunctions.of(properties.contentType());
      case "response_topic" -> TextFunctions.of(properties.responseTopic());
      case "correlation_data" -> {
        Payload data = properties.correlationData();
        yield data == null ? Value.UNDEFINED : HashFunctions.base64(data.bytes(), evaluation);
      }
      default -> Value.UNDEFINED;
    };
  }

  /** The values of one key, or every pair as an object of its own: keys may repeat. */
  private static Value userProperties(Evaluation evaluation, Value[] arguments) {
    MessageProperties properties = evaluation.context().properties();
    if (arguments.length > 1) {
      return Value.UNDEFINED;
    }
    String key = arguments.length == 1 ? Convert.text(arguments[0], evaluation) : null;
    List<Value> found = new ArrayList<>();
    for (MessageProperties.UserProperty property : properties.userProperties()) {
      evaluation.spend(1);
      evaluation.build(JsonReader.OBJECT_BYTES);
      Value value = new Value.Text(property.value());
      if (arguments.length == 0) {
        found.add(new Value.Members(Map.of(property.name(), value)));
      } else if (property.name().equals(key)) {
        found.add(value);
      }
    }
    return found.isEmpty() && arguments.length == 1 ? Value.UNDEFINED : new Value.Array(found);
  }

  private static Value topic(Evaluation evaluation, Value[] arguments) {
    String topic = evaluation.context().topic();
    if (topic.startsWith(BASIC_INGEST)) {
      int slash = topic.indexOf('/', BASIC_INGEST.length());
      topic = slash < 0 ? topic : topic.substring(slash + 1);
    }
    if (arguments.length == 0) {
      return new Value.Text(topic);
    }
    return Convert.integer(arguments[0]) instanceof Value.Int level && level.value() >= 1
        ? level(evaluation, topic, level.value())
        : Value.UNDEFINED;
  }

  private static Value level(Evaluation evaluation, String topic, long number) {
    evaluation.spend(topic.length() >> 4);
    int from = 0;
    for (long passed = 1; passed < number; passed++) {
      from = topic.indexOf('/', from) + 1;
      if (from == 0) {
        return Value.UNDEFINED;
      }
    }
    int to = topic.indexOf('/', from);
    to = to < 0 ? topic.length() : to;
    evaluation.buildText(to - from);
    return new Value.Text(topic.substring(from, to));
  }
}
