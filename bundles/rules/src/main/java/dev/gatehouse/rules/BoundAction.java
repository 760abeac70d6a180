package dev.gatehouse.rules;

import dev.gatehouse.api.rules.action.ActionSettings;
import dev.gatehouse.api.rules.action.RuleAction;
import dev.gatehouse.api.rules.action.RuleActionType;
import dev.gatehouse.rules.sql.Evaluation;
import dev.gatehouse.rules.sql.SqlSyntaxException;
import dev.gatehouse.rules.sql.Statement;
import dev.gatehouse.rules.sql.Template;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An action of a rule, bound to its type.
 *
 * @param action null while its type is not here
 */
record BoundAction(
    String type,
    String failureName,
    Map<String, String> settings,
    Map<String, Template> templates,
    @Nullable RuleAction action) {

  static BoundAction of(ActionSpec spec, Statement statement, @Nullable RuleActionType kind)
      throws SqlSyntaxException {
    if (kind == null) {
      return new BoundAction(spec.type(), spec.type(), spec.settings(), Map.of(), null);
    }
    Map<String, Template> templates = new HashMap<>();
    for (RuleActionType.Setting setting : kind.settings()) {
      String text = spec.settings().get(setting.name());
      if (text != null && setting.templated() && text.indexOf('$') >= 0) {
        templates.put(setting.name(), statement.template(text));
      }
    }
    return new BoundAction(
        spec.type(),
        kind.failureName(),
        spec.settings(),
        templates,
        kind.create(new ActionSettings(spec.settings())));
  }

  ActionSettings render(Evaluation evaluation) {
    Map<String, String> values = new HashMap<>(settings);
    templates.forEach((name, template) -> values.put(name, template.render(evaluation)));
    return new ActionSettings(values);
  }
}
