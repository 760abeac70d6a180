package dev.gatehouse.rules.sql;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What SELECT asks for.
 *
 * @param value of {@code SELECT VALUE}, else null
 * @param items in order; empty with {@code VALUE}
 * @param flat whether every item has one name of its own and none is {@code *}
 */
record Selection(@Nullable Expression value, List<Item> items, boolean flat) {

  /** Of items, or a value. */
  Selection(@Nullable Expression value, List<Item> items) {
    this(value, items, flat(items));
  }

  /** Whether each item is one member of its own, which can be written without a detour. */
  private static boolean flat(List<Item> items) {
    Set<List<String>> names = new HashSet<>();
    return !items.isEmpty()
        && items.stream()
            .allMatch(
                item ->
                    item.expression() != null && item.name().size() == 1 && names.add(item.name()));
  }

  /** What a flat selection makes of a message, as JSON. */
  byte[] write(Evaluation evaluation) {
    JsonWriter writer = new JsonWriter(evaluation);
    writer.begin();
    for (Item item : items) {
      if (item.expression() != null) {
        writer.member(item.name().get(0), item.expression().evaluate(evaluation));
      }
    }
    return writer.end();
  }

  void explain(Explanation told) {
    if (value != null) {
      told.item("VALUE", value);
    }
    for (Item item : items) {
      if (item.expression() == null) {
        told.add(
            "SELECT", true, passesThrough() ? "* is the payload as it came" : "* is the payload");
      } else {
        told.item(String.join(".", item.name()), item.expression());
      }
    }
  }

  /** Whether the payload itself is a part of it. */
  boolean ofPayload() {
    return items.stream().anyMatch(item -> item.expression() == null);
  }

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
    evaluation.build(JsonReader.OBJECT_BYTES);
    Map<String, Value> members = new LinkedHashMap<>();
    for (Item item : items) {
      pay(evaluation, 1);
      if (item.expression() != null) {
        put(evaluation, members, item.name(), 0, item.expression().evaluate(evaluation));
      } else if (source instanceof Value.Members object) {
        pay(evaluation, object.members().size());
        members.putAll(object.members());
      } else {
        members.put(
            "base64OriginalPayload", HashFunctions.base64(evaluation.payload(), evaluation));
      }
    }
    return new Value.Members(members);
  }

  private static void pay(Evaluation evaluation, int members) {
    evaluation.spend(members);
    evaluation.build((long) JsonReader.MEMBER_BYTES * members);
  }

  private static void put(
      Evaluation evaluation,
      Map<String, Value> members,
      List<String> name,
      int level,
      Value value) {
    String key = name.get(level);
    if (level == name.size() - 1) {
      members.put(key, value);
      return;
    }
    evaluation.build(JsonReader.OBJECT_BYTES);
    Map<String, Value> inner = new LinkedHashMap<>();
    if (members.get(key) instanceof Value.Members object) {
      pay(evaluation, object.members().size());
      inner.putAll(object.members());
    }
    put(evaluation, inner, name, level + 1, value);
    members.put(key, new Value.Members(inner));
  }
}
