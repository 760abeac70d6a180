package dev.gatehouse.rules;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.api.rules.action.ActionSettings;
import dev.gatehouse.api.rules.action.RuleActionType;
import dev.gatehouse.rules.sql.SqlSyntaxException;
import dev.gatehouse.rules.sql.StatementCompiler;
import dev.gatehouse.rules.sql.Template;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One action as given.
 *
 * @param where for errors, such as {@code actions[0]}
 * @param type such as {@code republish}
 * @param settings leaves as text, nested names joined by dots
 */
record ActionSpec(String where, String type, Map<String, String> settings) {
  static final String ERROR_ACTION = "errorAction";
  private static final String ROLE = "roleArn";
  private static final int MAX_DEPTH = 20;

  static ActionSpec of(String where, JsonNode json) {
    if (!json.isObject() || json.size() != 1) {
      throw RuleDocument.invalid(where + " must be an object with one member, the action's type");
    }
    Map.Entry<String, JsonNode> only = json.properties().iterator().next();
    if (!only.getValue().isObject()) {
      throw RuleDocument.invalid(where + "." + only.getKey() + " must be an object");
    }
    Map<String, String> settings = new LinkedHashMap<>();
    flatten(where, "", only.getValue(), settings, 0);
    return new ActionSpec(where, only.getKey(), settings);
  }

  boolean error() {
    return where.equals(ERROR_ACTION);
  }

  /** Names its lane: what waits there goes on as long as place and type stay. */
  String slot() {
    return (error() ? "error" : where.replaceAll("\\D", "")) + "." + type;
  }

  boolean templated(String name, RuleActionType kind) {
    return kind.settings().stream()
        .anyMatch(setting -> setting.templated() && setting.matches(name));
  }

  Template template(String text, StatementCompiler compiler) throws SqlSyntaxException {
    return error() ? compiler.errorTemplate(text) : compiler.template(text);
  }

  private static void flatten(
      String where, String name, JsonNode json, Map<String, String> into, int depth) {
    if (depth > MAX_DEPTH) {
      throw RuleDocument.invalid(where + " nests deeper than " + MAX_DEPTH + " levels");
    }
    String prefix = name.isEmpty() ? "" : name + ".";
    if (json.isObject()) {
      for (Map.Entry<String, JsonNode> member : json.properties()) {
        flatten(where, prefix + member.getKey(), member.getValue(), into, depth + 1);
      }
    } else if (json.isArray()) {
      for (int i = 0; i < json.size(); i++) {
        flatten(where, prefix + i, json.get(i), into, depth + 1);
      }
    } else if (!json.isNull()) {
      into.put(name, json.asText());
    }
  }

  /** Checks against what the type takes. A role is taken by all and not looked at yet. */
  void validate(RuleActionType kind) {
    for (String name : settings.keySet()) {
      boolean known = kind.settings().stream().anyMatch(setting -> setting.matches(name));
      if (!known && !name.equals(ROLE)) {
        throw RuleDocument.invalid(where + "." + type + " has no setting '" + name + "'");
      }
    }
    for (RuleActionType.Setting setting : kind.settings()) {
      if (setting.required() && !settings.containsKey(setting.name())) {
        throw RuleDocument.invalid(
            where + "." + type + " needs the setting '" + setting.name() + "'");
      }
    }
    kind.validate(new ActionSettings(settings));
  }
}
