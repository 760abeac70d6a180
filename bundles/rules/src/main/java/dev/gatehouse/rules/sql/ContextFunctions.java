package dev.gatehouse.rules.sql;

import java.util.Map;
import java.util.UUID;

/** Functions that tell about the message and the rule. */
final class ContextFunctions {
  private static final String BASIC_INGEST = "$aws/rules/";

  private ContextFunctions() {}

  static void addTo(Map<String, Function> all) {
    all.put("accountid", (e, a) -> new Value.Text(e.context().accountId()));
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
    all.put("topic", (e, a) -> topic(e.context().topic(), a));
    all.put("newuuid", (e, a) -> new Value.Text(UUID.randomUUID().toString()));
    all.put("sql_version", (e, a) -> new Value.Text(e.version().wireName()));
  }

  private static Value topic(String name, Value[] arguments) {
    String topic = name;
    if (topic.startsWith(BASIC_INGEST)) {
      int slash = topic.indexOf('/', BASIC_INGEST.length());
      topic = slash < 0 ? topic : topic.substring(slash + 1);
    }
    if (arguments.length == 0) {
      return new Value.Text(topic);
    }
    String[] levels = topic.split("/", -1);
    return Convert.integer(arguments[0]) instanceof Value.Int level
            && level.value() >= 1
            && level.value() <= levels.length
        ? new Value.Text(levels[(int) level.value() - 1])
        : Value.UNDEFINED;
  }
}
