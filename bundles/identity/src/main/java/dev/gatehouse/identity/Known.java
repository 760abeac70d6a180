package dev.gatehouse.identity;

import dev.gatehouse.identity.policy.Values;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one connection, by the names of policy variables, which ignore case. Names of
 * thing attributes do not: they are what is between the brackets.
 */
final class Known implements Values {
  private static final String ATTRIBUTES = "iot:Connection.Thing.Attributes[";

  private final Map<String, String> one = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private final Map<String, List<String>> several = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private final Map<String, String> attributes = new TreeMap<>();

  Known(Map<String, String> values) {
    one.putAll(values);
  }

  void put(String name, String value) {
    one.put(name, value);
  }

  /**
   * Values of one name: the first, each by its index from 0, and all as a list (guide: X.509
   * certificate policy variables). None are none.
   */
  void put(String name, Collection<String> values) {
    List<String> all = List.copyOf(values);
    for (int i = 0; i < all.size(); i++) {
      one.put(name + "." + i, all.get(i));
    }
    if (!all.isEmpty()) {
      one.put(name, all.get(0));
      several.put(name + ".List", all);
    }
  }

  void putAttributes(Map<String, String> values) {
    attributes.putAll(values);
  }

  /** The names that begin so and have values. */
  List<String> names(String prefix) {
    return one.keySet().stream()
        .filter(name -> name.regionMatches(true, 0, prefix, 0, prefix.length()))
        .toList();
  }

  void putList(String name, List<String> values) {
    several.put(name, List.copyOf(values));
  }

  @Override
  public @Nullable String one(String name) {
    if (name.regionMatches(true, 0, ATTRIBUTES, 0, ATTRIBUTES.length()) && name.endsWith("]")) {
      return attributes.get(name.substring(ATTRIBUTES.length(), name.length() - 1));
    }
    List<String> list = several.get(name);
    return list == null ? one.get(name) : list.size() == 1 ? list.get(0) : null;
  }

  @Override
  public List<String> all(String name) {
    List<String> list = several.get(name);
    return list == null ? Values.super.all(name) : list;
  }
}
