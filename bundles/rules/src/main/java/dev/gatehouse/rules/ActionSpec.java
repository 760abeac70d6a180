package dev.gatehouse.rules;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.rules.action.ActionSettings;
import dev.gatehouse.api.rules.action.RuleActionType;
import dev.gatehouse.api.rules.action.Setting;
import dev.gatehouse.api.rules.action.SettingsSchema;
import dev.gatehouse.rules.sql.SqlSyntaxException;
import dev.gatehouse.rules.sql.StatementCompiler;
import dev.gatehouse.rules.sql.Template;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One action as given.
 *
 * @param where for errors, such as {@code actions[0]}
 * @param type such as {@code republish}
 */
record ActionSpec(String where, String type, ActionSettings settings) {
  static final String ERROR_ACTION = "errorAction";
  private static final int MAX_DEPTH = 20;

  static ActionSpec of(String where, JsonNode json) {
    if (!json.isObject() || json.size() != 1) {
      throw RuleDocument.invalid(where + " must be an object with one member, the action's type");
    }
    Map.Entry<String, JsonNode> only = json.properties().iterator().next();
    if (!only.getValue().isObject()) {
      throw RuleDocument.invalid(where + "." + only.getKey() + " must be an object");
    }
    return new ActionSpec(where, only.getKey(), members(where, only.getValue(), 0));
  }

  boolean error() {
    return where.equals(ERROR_ACTION);
  }

  /** Names its lane: what waits there goes on as long as place and type stay. */
  String slot() {
    return (error() ? "error" : where.replaceAll("\\D", "")) + "." + type;
  }

  Template template(String text, StatementCompiler compiler) throws SqlSyntaxException {
    return error() ? compiler.errorTemplate(text) : compiler.template(text);
  }

  /** Members that are null count as absent. */
  private static ActionSettings members(String where, JsonNode json, int depth) {
    if (depth > MAX_DEPTH) {
      throw RuleDocument.invalid(where + " nests deeper than " + MAX_DEPTH + " levels");
    }
    Map<String, ActionSettings.Value> members = new HashMap<>();
    json.properties().stream()
        .filter(member -> !member.getValue().isNull())
        .forEach(
            member -> members.put(member.getKey(), value(where, member.getValue(), depth + 1)));
    return new ActionSettings(members);
  }

  private static ActionSettings.Value value(String where, JsonNode json, int depth) {
    if (json.isObject()) {
      return new ActionSettings.Members(members(where, json, depth));
    }
    if (!json.isArray()) {
      return new ActionSettings.Scalar(json.asText());
    }
    if (depth > MAX_DEPTH) {
      throw RuleDocument.invalid(where + " nests deeper than " + MAX_DEPTH + " levels");
    }
    List<ActionSettings.Value> items = new ArrayList<>();
    json.forEach(item -> items.add(value(where, item, depth + 1)));
    return new ActionSettings.Items(items);
  }

  /**
   * Its texts, numbers and booleans.
   *
   * @param kind null while its type is not here
   * @throws ServiceException INVALID_REQUEST if the settings are not what the type takes
   */
  List<SettingsSchema.Leaf> leaves(@Nullable RuleActionType kind) {
    if (kind == null) {
      return SettingsSchema.untyped(settings);
    }
    try {
      return new SettingsSchema(kind.settings()).leaves(settings);
    } catch (IllegalArgumentException e) {
      throw RuleDocument.invalid(where + "." + type + " " + e.getMessage());
    }
  }

  /** The role that it acts as, if it names one. */
  static Optional<String> role(List<SettingsSchema.Leaf> leaves) {
    return leaves.stream()
        .filter(leaf -> leaf.setting().type() == Setting.Type.ROLE)
        .map(SettingsSchema.Leaf::text)
        .findFirst();
  }
}
