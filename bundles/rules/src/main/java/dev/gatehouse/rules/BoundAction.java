package dev.gatehouse.rules;

import dev.gatehouse.api.rules.action.RuleAction;
import dev.gatehouse.api.rules.action.RuleActionType;
import dev.gatehouse.api.rules.action.SettingsSchema;
import dev.gatehouse.rules.delivery.Actor;
import dev.gatehouse.rules.delivery.Expansion;
import dev.gatehouse.rules.delivery.Target;
import dev.gatehouse.rules.sql.Evaluation;
import dev.gatehouse.rules.sql.SqlSyntaxException;
import dev.gatehouse.rules.sql.StatementCompiler;
import dev.gatehouse.rules.sql.Template;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An action of a rule, bound to its type.
 *
 * @param slot its place in the rule, and its type: names its lane
 * @param templates by the key of the setting's place
 * @param settingsLength the characters of its settings
 * @param target null while its type is not here
 */
record BoundAction(
    String slot,
    String type,
    Map<String, Template> templates,
    long settingsLength,
    @Nullable Target target) {

  /** Makes the action, if its type is here. */
  static BoundAction of(
      RuleKey key, ActionSpec spec, StatementCompiler compiler, Whiteboard whiteboard)
      throws SqlSyntaxException {
    RuleActionType kind = whiteboard.actionType(spec.type()).orElse(null);
    List<SettingsSchema.Leaf> leaves = spec.leaves(kind);
    Map<String, Template> templates = new HashMap<>();
    Map<String, SettingsSchema.Leaf> templated = new HashMap<>();
    for (SettingsSchema.Leaf leaf : leaves) {
      Template template = template(spec, leaf, compiler, kind != null);
      if (template != null) {
        templates.put(leaf.key(), template);
        templated.put(leaf.key(), leaf);
      }
    }
    long length = leaves.stream().mapToLong(leaf -> leaf.text().length()).sum();
    Target target = null;
    if (kind != null) {
      RuleAction action = kind.create(whiteboard.context(key, spec.settings()));
      Actor actor =
          new Actor(key.name(), ActionSpec.role(leaves).orElse(null), whiteboard.roleRights);
      target =
          new Target(kind.failureName(), action, new Expansion(spec.settings(), templated), actor);
    }
    return new BoundAction(spec.slot(), spec.type(), Map.copyOf(templates), length, target);
  }

  /** Of an absent type a text that does not compile is no template. */
  private static @Nullable Template template(
      ActionSpec spec, SettingsSchema.Leaf leaf, StatementCompiler compiler, boolean typed)
      throws SqlSyntaxException {
    if (leaf.text().indexOf('$') < 0 || !leaf.setting().templated()) {
      return null;
    }
    try {
      return spec.template(leaf.text(), compiler);
    } catch (SqlSyntaxException e) {
      if (typed) {
        throw e;
      }
      return null;
    }
  }

  String failureName() {
    return target == null ? type : target.failureName();
  }

  /** The settings that depend on the message. */
  Map<String, String> render(Evaluation evaluation) {
    Map<String, String> values = new HashMap<>();
    templates.forEach((name, template) -> values.put(name, template.render(evaluation)));
    return values;
  }

  void close() {
    if (target != null) {
      target.action().close();
    }
  }
}
