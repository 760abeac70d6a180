package dev.gatehouse.api.rules.action;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * An action's settings, or a part of them: a JSON object as a tree. The engine has checked it
 * against the {@link Setting}s of the action's type.
 *
 * @param values by name, in no particular order
 */
public record ActionSettings(Map<String, Value> values) {
  /** No settings. */
  public static final ActionSettings NONE = new ActionSettings(Map.of());

  /** Copies the map. */
  public ActionSettings {
    values = Map.copyOf(values);
  }

  /** A node of the tree. */
  public sealed interface Value {}

  /**
   * A text, a number or a boolean.
   *
   * @param text as in JSON, without quotes: {@code 1.50}, {@code true}
   */
  public record Scalar(String text) implements Value {}

  /** A list. */
  public record Items(List<Value> items) implements Value {
    /** Copies the list. */
    public Items {
      items = List.copyOf(items);
    }
  }

  /** An object, or a map with names that the rule's author chose. */
  public record Members(ActionSettings settings) implements Value {}

  /** Settings that are texts, by name. */
  public static ActionSettings ofTexts(Map<String, String> texts) {
    return new ActionSettings(
        texts.entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, entry -> new Scalar(entry.getValue()))));
  }

  /** A text, number or boolean as text, if given. */
  public Optional<String> get(String name) {
    return values.get(name) instanceof Scalar scalar
        ? Optional.of(scalar.text())
        : Optional.empty();
  }

  /**
   * A text, number or boolean that the type requires.
   *
   * @throws IllegalStateException if it is absent, which the engine prevents
   */
  public String require(String name) {
    return get(name).orElseThrow(() -> new IllegalStateException("setting " + name + " is absent"));
  }

  /** Whether a boolean is given and true. */
  public boolean flag(String name) {
    return get(name).filter("true"::equals).isPresent();
  }

  /** The members of an object; {@link #NONE} if it is absent. */
  public ActionSettings at(String name) {
    return values.get(name) instanceof Members members ? members.settings() : NONE;
  }

  /** The objects of a list, in order; empty if it is absent. */
  public List<ActionSettings> list(String name) {
    List<ActionSettings> objects = new ArrayList<>();
    if (values.get(name) instanceof Items items) {
      for (Value item : items.items()) {
        objects.add(item instanceof Members members ? members.settings() : NONE);
      }
    }
    return objects;
  }

  /** The entries of a map of texts, by key; empty if it is absent. */
  public Map<String, String> map(String name) {
    Map<String, String> entries = new TreeMap<>();
    at(name)
        .values()
        .forEach(
            (key, value) -> {
              if (value instanceof Scalar scalar) {
                entries.put(key, scalar.text());
              }
            });
    return entries;
  }
}
