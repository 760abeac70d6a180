package dev.gatehouse.rules;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.message.TopicFilter;
import dev.gatehouse.json.Json;
import dev.gatehouse.rules.sql.SqlVersion;
import dev.gatehouse.rules.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A rule as it was given; what is stored is the payload with {@code createdAt} in milliseconds.
 *
 * @param topicPattern the filter after FROM, empty if there is none; null if it was not stored
 */
record RuleDocument(
    String sql,
    SqlVersion version,
    boolean disabled,
    long createdAtMillis,
    List<ActionSpec> actions,
    @Nullable ActionSpec errorAction,
    ObjectNode json,
    @Nullable String topicPattern) {
  private static final byte FORMAT = 1;
  private static final int MAX_BYTES = 256 << 10;
  private static final int MAX_ACTIONS = 10;

  /** Reads a {@code topicRulePayload}. */
  static RuleDocument parse(byte[] payload, long createdAtMillis) {
    if (payload.length > MAX_BYTES) {
      throw invalid(
          "topicRulePayload has %d bytes, at most %d are allowed"
              .formatted(payload.length, MAX_BYTES));
    }
    JsonNode json;
    try {
      json = Json.parse(payload);
    } catch (JsonProcessingException e) {
      throw invalid("topicRulePayload is not JSON");
    }
    if (!(json instanceof ObjectNode object)) {
      throw invalid("topicRulePayload is not a JSON object");
    }
    return of(object, createdAtMillis, null);
  }

  private static RuleDocument of(
      ObjectNode json, long createdAtMillis, @Nullable String topicPattern) {
    String sql = text(json, "sql").orElseThrow(() -> invalid("sql is missing"));
    String version = text(json, "awsIotSqlVersion").orElse("2015-10-08");
    text(json, "description");
    JsonNode disabled = json.path("ruleDisabled");
    if (!disabled.isMissingNode() && !disabled.isNull() && !disabled.isBoolean()) {
      throw invalid("ruleDisabled must be true or false");
    }
    return new RuleDocument(
        sql,
        SqlVersion.of(version).orElseThrow(() -> invalid(unknownVersion(version))),
        disabled.asBoolean(false),
        createdAtMillis,
        actions(json.path("actions")),
        json.hasNonNull("errorAction")
            ? ActionSpec.of(ActionSpec.ERROR_ACTION, json.get("errorAction"))
            : null,
        json,
        topicPattern);
  }

  private static List<ActionSpec> actions(JsonNode json) {
    if (!json.isArray() || json.isEmpty() || json.size() > MAX_ACTIONS) {
      throw invalid(
          "actions must be an array of 1 to " + MAX_ACTIONS + " actions, found " + json.size());
    }
    List<ActionSpec> actions = new ArrayList<>();
    for (int i = 0; i < json.size(); i++) {
      actions.add(ActionSpec.of("actions[" + i + "]", json.get(i)));
    }
    return List.copyOf(actions);
  }

  private static Optional<String> text(ObjectNode json, String name) {
    JsonNode value = json.path(name);
    if (value.isMissingNode() || value.isNull()) {
      return Optional.empty();
    }
    if (!value.isTextual()) {
      throw invalid(name + " must be a string");
    }
    return Optional.of(value.textValue());
  }

  static String unknownVersion(String version) {
    return "awsIotSqlVersion '"
        + version
        + "' is not one of "
        + Arrays.stream(SqlVersion.values()).map(SqlVersion::wireName).toList();
  }

  static ServiceException invalid(String message) {
    return new ServiceException(ErrorCode.INVALID_REQUEST, message);
  }

  Stream<ActionSpec> allActions() {
    return Stream.concat(actions.stream(), Stream.ofNullable(errorAction));
  }

  /** The same, which knows the filter that its SQL has: a list of rules need not compile it. */
  RuleDocument withPattern(Statement statement) {
    return of(json, createdAtMillis, statement.from().map(TopicFilter::value).orElse(""));
  }

  /** The stored form. */
  byte[] store() {
    ObjectNode root = Json.object().put("createdAt", createdAtMillis);
    if (topicPattern != null) {
      root.put("topicPattern", topicPattern);
    }
    root.set("payload", json);
    return Json.stored(FORMAT, root);
  }

  /** From the stored form; an IllegalStateException if it is none that this version knows. */
  static RuleDocument load(byte[] value) {
    ObjectNode root = Json.restored(FORMAT, value);
    if (root.path("payload") instanceof ObjectNode payload) {
      JsonNode pattern = root.path("topicPattern");
      return of(
          payload, root.path("createdAt").asLong(), pattern.isTextual() ? pattern.asText() : null);
    }
    throw new IllegalStateException("a stored rule has no payload");
  }

  RuleDocument withDisabled(boolean value) {
    ObjectNode copy = json.deepCopy().put("ruleDisabled", value);
    return of(copy, createdAtMillis, topicPattern);
  }

  /** What GetTopicRule answers. */
  byte[] describe(RuleKey key) {
    ObjectNode rule = Json.object().put("ruleName", key.name()).put("sql", sql);
    json.properties().stream()
        .filter(member -> List.of("description", "errorAction").contains(member.getKey()))
        .forEach(member -> rule.set(member.getKey(), member.getValue()));
    rule.put("createdAt", createdAtMillis / 1000.0);
    rule.set("actions", json.get("actions"));
    rule.put("ruleDisabled", disabled).put("awsIotSqlVersion", version.wireName());
    ObjectNode root = Json.object().put("ruleArn", key.arn());
    root.set("rule", rule);
    return Json.bytes(root);
  }

  /** One entry of ListTopicRules. */
  ObjectNode summary(RuleKey key, @Nullable String topicPattern) {
    ObjectNode item =
        Json.object()
            .put("ruleArn", key.arn())
            .put("ruleName", key.name())
            .put("createdAt", createdAtMillis / 1000.0)
            .put("ruleDisabled", disabled);
    if (topicPattern != null) {
      item.put("topicPattern", topicPattern);
    }
    return item;
  }
}
