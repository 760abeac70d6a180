package dev.gatehouse.api.rules.action;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** All settings of an action's type, and the rules that an action object must keep. */
public final class SettingsSchema {
  private static final int MAX_NUMBER = 100;

  private final Map<String, Setting> settings;

  /**
   * Creates the schema of an action type.
   *
   * @throws IllegalArgumentException if two settings have one name
   */
  public SettingsSchema(List<Setting> settings) {
    this.settings = byName(settings);
  }

  /**
   * A text, number or boolean in the tree.
   *
   * @param path names, and indexes of lists as decimal numbers
   * @param text as given
   * @param setting that describes it
   */
  public record Leaf(List<String> path, String text, Setting setting) {
    /** Copies the list. */
    public Leaf {
      path = List.copyOf(path);
    }

    /** The path joined by dots; dots and backslashes in names have a backslash before them. */
    public String key() {
      return path.stream()
          .map(name -> name.replace("\\", "\\\\").replace(".", "\\."))
          .collect(Collectors.joining("."));
    }
  }

  /**
   * The leaves of an action object that fits; templates are not replaced yet.
   *
   * @throws IllegalArgumentException naming the setting that is unknown, missing, or of another
   *     type
   */
  public List<Leaf> leaves(ActionSettings given) {
    List<Leaf> leaves = new ArrayList<>();
    object(given, settings, List.of(), leaves);
    return leaves;
  }

  /** The leaves of an action object whose type is not here: each may have templates. */
  public static List<Leaf> untyped(ActionSettings given) {
    List<Leaf> leaves = new ArrayList<>();
    untyped(new ActionSettings.Members(given), List.of(), leaves);
    return leaves;
  }

  private static void untyped(ActionSettings.Value value, List<String> path, List<Leaf> into) {
    if (value instanceof ActionSettings.Scalar scalar) {
      into.add(new Leaf(path, scalar.text(), Setting.text(shown(path), "").template()));
    } else if (value instanceof ActionSettings.Items items) {
      int index = 0;
      for (ActionSettings.Value item : items.items()) {
        untyped(item, below(path, Integer.toString(index++)), into);
      }
    } else if (value instanceof ActionSettings.Members members) {
      members.settings().values().forEach((name, inner) -> untyped(inner, below(path, name), into));
    }
  }

  private static Map<String, Setting> byName(List<Setting> settings) {
    Map<String, Setting> byName = new LinkedHashMap<>();
    for (Setting setting : settings) {
      if (byName.put(setting.name(), setting) != null) {
        throw new IllegalArgumentException("two settings are named " + setting.name());
      }
    }
    return byName;
  }

  private static void object(
      ActionSettings given, Map<String, Setting> known, List<String> path, List<Leaf> into) {
    new TreeMap<>(given.values())
        .forEach(
            (name, value) -> {
              Setting setting = known.get(name);
              List<String> place = below(path, name);
              if (setting == null) {
                throw new IllegalArgumentException("has no setting '" + shown(place) + "'");
              }
              value(value, setting, place, into);
            });
    for (Setting setting : known.values()) {
      if (setting.required() && !given.values().containsKey(setting.name())) {
        throw new IllegalArgumentException(
            "needs the setting '" + shown(below(path, setting.name())) + "'");
      }
    }
  }

  private static void value(
      ActionSettings.Value value, Setting setting, List<String> path, List<Leaf> into) {
    switch (setting.type()) {
      case OBJECT -> object(members(value, path), byName(setting.members()), path, into);
      case LIST -> {
        if (!(value instanceof ActionSettings.Items items)) {
          throw new IllegalArgumentException("needs a list as '" + shown(path) + "'");
        }
        int index = 0;
        for (ActionSettings.Value item : items.items()) {
          List<String> place = below(path, Integer.toString(index++));
          object(members(item, place), byName(setting.members()), place, into);
        }
      }
      case MAP ->
          new TreeMap<>(members(value, path).values())
              .forEach((name, entry) -> scalar(entry, setting, below(path, name), into));
      default -> scalar(value, setting, path, into);
    }
  }

  private static ActionSettings members(ActionSettings.Value value, List<String> path) {
    if (value instanceof ActionSettings.Members members) {
      return members.settings();
    }
    throw new IllegalArgumentException("needs an object as '" + shown(path) + "'");
  }

  private static void scalar(
      ActionSettings.Value value, Setting setting, List<String> path, List<Leaf> into) {
    if (!(value instanceof ActionSettings.Scalar scalar)) {
      throw new IllegalArgumentException("needs a text as '" + shown(path) + "'");
    }
    Leaf leaf = new Leaf(path, scalar.text(), setting);
    if (!setting.templated() || scalar.text().indexOf('$') < 0) {
      problem(leaf, scalar.text())
          .ifPresent(
              problem -> {
                throw new IllegalArgumentException(problem);
              });
    }
    into.add(leaf);
  }

  /** Why a text without templates does not fit a setting; empty if it does. */
  public static Optional<String> problem(Leaf leaf, String text) {
    Setting setting = leaf.setting();
    boolean fits =
        switch (setting.type()) {
          case NUMBER -> number(text);
          case BOOLEAN -> text.equals("true") || text.equals("false");
          default -> true;
        };
    String wanted = setting.type() == Setting.Type.NUMBER ? "a number" : "true or false";
    if (!fits) {
      return Optional.of(
          "setting '%s' is '%s', not %s".formatted(shown(leaf.path()), text, wanted));
    }
    if (!setting.choices().isEmpty() && !setting.choices().contains(text)) {
      return Optional.of(
          "setting '%s' is '%s', not one of %s"
              .formatted(shown(leaf.path()), text, String.join(", ", setting.choices())));
    }
    return Optional.empty();
  }

  private static boolean number(String text) {
    try {
      return text.length() <= MAX_NUMBER && new BigDecimal(text).scale() > Integer.MIN_VALUE;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  private static List<String> below(List<String> path, String name) {
    List<String> place = new ArrayList<>(path);
    place.add(name);
    return place;
  }

  private static String shown(List<String> path) {
    return String.join(".", path);
  }
}
