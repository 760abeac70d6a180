package dev.gatehouse.shadow;

import dev.gatehouse.api.message.TopicFilter;
import dev.gatehouse.api.message.TopicName;
import dev.gatehouse.api.shadow.ShadowName;
import java.util.ArrayList;
import java.util.List;

/** The topics of shadows (guide: MQTT Pub/Sub Topics). */
final class ShadowTopics {
  /** What a request topic asks for. */
  enum Method {
    UPDATE("update"),
    GET("get"),
    DELETE("delete");

    private final String level;

    Method(String level) {
      this.level = level;
    }

    static Method of(String level) {
      return valueOf(level.toUpperCase(java.util.Locale.ROOT));
    }
  }

  private ShadowTopics() {}

  /** Those that devices may publish to. */
  static List<TopicFilter> requests() {
    List<TopicFilter> filters = new ArrayList<>();
    for (Method method : Method.values()) {
      filters.add(new TopicFilter("$aws/things/+/shadow/" + method.level));
      filters.add(new TopicFilter("$aws/things/+/shadow/name/+/" + method.level));
    }
    return filters;
  }

  private static String prefix(ShadowName name) {
    return "$aws/things/"
        + name.thingName()
        + "/shadow/"
        + (name.shadowName().isEmpty() ? "" : "name/" + name.shadowName() + "/");
  }

  static TopicName answer(ShadowName name, Method method, String outcome) {
    return new TopicName(prefix(name) + method.level + "/" + outcome);
  }
}
