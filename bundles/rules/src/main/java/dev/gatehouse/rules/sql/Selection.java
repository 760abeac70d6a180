package dev.gatehouse.rules.sql;

import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What SELECT asks for.
 *
 * @param value of {@code SELECT VALUE}, else null
 * @param items in order; empty with {@code VALUE}
 */
record Selection(@Nullable Expression value, List<Item> items) {

  /**
   * One item.
   *
   * @param expression null for a bare {@code *}
   * @param name where it goes, one level or several; empty for a bare {@code *}
   */
  record Item(@Nullable Expression expression, List<String> name) {}

  /** True for {@code SELECT *} alone, which lets the bytes through. */
  boolean passesThrough() {
    return value == null && items.size() == 1 && items.get(0).expression() == null;
  }

  Value select(Evaluation evaluation, @Nullable Value source) {
    if (value != null) {
      return value.evaluate(evaluation);
    }
    if (passesThrough() && source != null) {
      return source;
    }
    Map<String, Value> members = new LinkedHashMap<>();
    for (Item item : items) {
      if (item.expression() != null) {
        put(members, item.name(), 0, item.expression().evaluate(evaluation));
      } else if (source instanceof Value.Members object) {
        members.putAll(object.members());
      } else {
        members.put(
            "base64OriginalPayload",
            new Value.Text(Base64.getEncoder().encodeToString(evaluation.payload())));
      }
    }
    return new Value.Members(members);
  }

  private static void put(Map<String, Value> members, List<String> name, int level, Value value) {
    String key = name.get(level);
    if (level == name.size() - 1) {
      members.put(key, value);
      return;
    }
    Map<String, Value> inner =
        members.get(key) instanceof Value.Members object
            ? new LinkedHashMap<>(object.members())
            : new LinkedHashMap<>();
    put(inner, name, level + 1, value);
    members.put(key, new Value.Members(inner));
  }
}
