package dev.gatehouse.rules.delivery;

import dev.gatehouse.api.rules.action.ActionSettings;
import dev.gatehouse.api.rules.action.Setting;
import dev.gatehouse.api.rules.action.SettingsSchema;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The settings of an action as in its rule, and the places in them that are made anew for each
 * message.
 *
 * @param templated the leaves with templates, by {@link SettingsSchema.Leaf#key}
 */
public record Expansion(ActionSettings settings, Map<String, SettingsSchema.Leaf> templated) {

  /** Copies the map. */
  public Expansion {
    templated = Map.copyOf(templated);
  }

  /**
   * The settings of one message. A value whose place has no templates any more is ignored: a parcel
   * that waited goes by the settings of now, but for what its own message said.
   *
   * @param rendered texts by the key of their place
   * @throws IllegalArgumentException if a text does not fit its setting
   */
  ActionSettings apply(Map<String, String> rendered) {
    if (rendered.isEmpty()) {
      return settings;
    }
    Map<String, ActionSettings.Value> top = new HashMap<>(settings.values());
    for (Map.Entry<String, String> made : rendered.entrySet()) {
      SettingsSchema.Leaf leaf = templated.get(made.getKey());
      if (leaf == null) {
        continue;
      }
      ActionSettings.Scalar scalar = scalar(leaf, made.getValue());
      if (leaf.path().size() > 1) {
        String name = leaf.path().get(0);
        top.computeIfPresent(name, (key, node) -> replaced(node, leaf.path(), 1, scalar));
      } else if (scalar == null) {
        top.remove(leaf.path().get(0));
      } else {
        top.put(leaf.path().get(0), scalar);
      }
    }
    return new ActionSettings(top);
  }

  /** Null for an optional setting that came out empty. */
  private static ActionSettings.@Nullable Scalar scalar(SettingsSchema.Leaf leaf, String text) {
    Setting setting = leaf.setting();
    if (text.isEmpty() && !setting.required() && setting.type() != Setting.Type.MAP) {
      return null;
    }
    SettingsSchema.problem(leaf, text)
        .ifPresent(
            problem -> {
              throw new IllegalArgumentException(problem);
            });
    return new ActionSettings.Scalar(text);
  }

  private static ActionSettings.Value replaced(
      ActionSettings.Value node,
      List<String> path,
      int depth,
      ActionSettings.@Nullable Scalar scalar) {
    String name = path.get(depth);
    boolean last = depth + 1 == path.size();
    if (node instanceof ActionSettings.Items items) {
      List<ActionSettings.Value> copy = new ArrayList<>(items.items());
      int index = Integer.parseInt(name);
      copy.set(index, replaced(copy.get(index), path, depth + 1, scalar));
      return new ActionSettings.Items(copy);
    }
    ActionSettings.Members members = (ActionSettings.Members) node;
    Map<String, ActionSettings.Value> copy = new HashMap<>(members.settings().values());
    if (!last) {
      copy.computeIfPresent(name, (key, inner) -> replaced(inner, path, depth + 1, scalar));
    } else if (scalar == null) {
      copy.remove(name);
    } else {
      copy.put(name, scalar);
    }
    return new ActionSettings.Members(new ActionSettings(copy));
  }
}
