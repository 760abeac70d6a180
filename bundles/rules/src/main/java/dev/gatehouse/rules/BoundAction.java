package dev.gatehouse.rules;

import dev.gatehouse.api.rules.action.ActionSettings;
import dev.gatehouse.api.rules.action.RuleAction;
import dev.gatehouse.api.rules.action.RuleActionType;
import dev.gatehouse.rules.delivery.Target;
import dev.gatehouse.rules.sql.Evaluation;
import dev.gatehouse.rules.sql.SqlSyntaxException;
import dev.gatehouse.rules.sql.StatementCompiler;
import dev.gatehouse.rules.sql.Template;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An action of a rule, bound to its type.
 *
 * @param slot its place in the rule, and its type: names its lane
 * @param action null while its type is not here
 */
record BoundAction(
    String slot,
    String type,
    String failureName,
    Map<String, String> settings,
    Map<String, Template> templates,
    @Nullable RuleAction action) {

  static BoundAction of(ActionSpec spec, StatementCompiler compiler, @Nullable RuleActionType kind)
      throws SqlSyntaxException {
    Map<String, Template> templates = templates(spec, compiler, kind);
    if (kind == null) {
      return new BoundAction(
          spec.slot(), spec.type(), spec.type(), spec.settings(), templates, null);
    }
    return new BoundAction(
        spec.slot(),
        spec.type(),
        kind.failureName(),
        spec.settings(),
        templates,
        kind.create(new ActionSettings(spec.settings())));
  }

  /** Of an absent type each setting may be one; what does not compile is none. */
  private static Map<String, Template> templates(
      ActionSpec spec, StatementCompiler compiler, @Nullable RuleActionType kind)
      throws SqlSyntaxException {
    Map<String, Template> templates = new HashMap<>();
    for (Map.Entry<String, String> setting : spec.settings().entrySet()) {
      String text = setting.getValue();
      if (text.indexOf('$') < 0 || (kind != null && !spec.templated(setting.getKey(), kind))) {
        continue;
      }
      try {
        templates.put(setting.getKey(), spec.template(text, compiler));
      } catch (SqlSyntaxException e) {
        if (kind != null) {
          throw e;
        }
      }
    }
    return Map.copyOf(templates);
  }

  /** The settings that depend on the message. */
  Map<String, String> render(Evaluation evaluation) {
    Map<String, String> values = new HashMap<>();
    templates.forEach((name, template) -> values.put(name, template.render(evaluation)));
    return values;
  }

  @Nullable Target target(String ruleName) {
    return action == null
        ? null
        : new Target(ruleName, failureName, action, settings, templates.keySet());
  }
}
