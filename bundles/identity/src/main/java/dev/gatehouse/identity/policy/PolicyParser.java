package dev.gatehouse.identity.policy;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.identity.policy.Condition.Quantifier;
import dev.gatehouse.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads policy documents (guide: AWS IoT Policies). */
public final class PolicyParser {
  private static final Set<String> MEMBERS =
      Set.of("Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition");

  private static final int MAX_DEPTH = 20;
  private static final int MAX_CHARACTERS = 65_536;

  private final boolean stored;
  private final List<Policy.Finding> findings = new ArrayList<>();

  private PolicyParser(boolean stored) {
    this.stored = stored;
  }

  /**
   * Parses a document that somebody gives.
   *
   * @throws MalformedPolicy saying where and why
   */
  public static Policy parse(String document) throws MalformedPolicy {
    return new PolicyParser(false).read(document);
  }

  /**
   * Parses a document that was taken before: earlier versions took a {@code Principal} in it, which
   * says nothing, and a {@code Sid} that is no text.
   *
   * @throws MalformedPolicy saying where and why
   */
  public static Policy stored(String document) throws MalformedPolicy {
    return new PolicyParser(true).read(document);
  }

  private Policy read(String document) throws MalformedPolicy {
    if (document.length() > MAX_CHARACTERS) {
      throw new MalformedPolicy(document.length() + " characters are more than " + MAX_CHARACTERS);
    }
    JsonNode root;
    try {
      root = Json.parse(document, MAX_DEPTH);
    } catch (JsonProcessingException e) {
      throw new MalformedPolicy("not JSON: " + where(e) + e.getOriginalMessage());
    }
    if (!root.isObject()) {
      throw new MalformedPolicy("the document must be an object with Version and Statement");
    }
    for (Map.Entry<String, JsonNode> member : root.properties()) {
      if (!Set.of("Version", "Id", "Statement").contains(member.getKey())) {
        throw new MalformedPolicy(
            "unknown member '" + member.getKey() + "'; Version, Id and Statement are known");
      }
    }
    requireText(root, "Id", "");
    List<Statement> statements = statements(root, variables(root));
    ReceiveFilters.finding(root).ifPresent(findings::add);
    return new Policy(statements, findings);
  }

  private void requireText(JsonNode node, String member, String where) throws MalformedPolicy {
    if (!stored && node.has(member) && !node.get(member).isTextual()) {
      throw new MalformedPolicy(where + member + " must be a string");
    }
  }

  private static String where(JsonProcessingException e) {
    @Nullable JsonLocation at = e.getLocation(); // absent when a limit was exceeded
    return at == null ? "" : "line " + at.getLineNr() + ", column " + at.getColumnNr() + ": ";
  }

  private static boolean variables(JsonNode root) throws MalformedPolicy {
    JsonNode version = root.get("Version");
    if (version == null) {
      return false;
    }
    if (version.isTextual() && version.asText().equals("2012-10-17")) {
      return true;
    }
    if (version.isTextual() && version.asText().equals("2008-10-17")) {
      return false;
    }
    throw new MalformedPolicy("Version must be \"2012-10-17\" or \"2008-10-17\", not " + version);
  }

  private List<Statement> statements(JsonNode root, boolean variables) throws MalformedPolicy {
    JsonNode node = root.get("Statement");
    if (node == null || node.isEmpty()) {
      throw new MalformedPolicy("Statement is missing or empty");
    }
    List<Statement> statements = new ArrayList<>();
    if (node.isObject()) {
      statements.add(statement(node, "Statement", variables));
    } else if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        statements.add(statement(node.get(i), "Statement[" + i + "]", variables));
      }
    } else {
      throw new MalformedPolicy("Statement must be an object or a list of objects");
    }
    return statements;
  }

  private Statement statement(JsonNode node, String where, boolean variables)
      throws MalformedPolicy {
    if (!node.isObject()) {
      throw new MalformedPolicy(where + " must be an object");
    }
    for (Map.Entry<String, JsonNode> member : node.properties()) {
      requireMember(member.getKey(), where);
    }
    requireText(node, "Sid", where + ".");
    String effect = node.path("Effect").asText();
    if (!effect.equals("Allow") && !effect.equals("Deny")) {
      throw new MalformedPolicy(where + ".Effect must be \"Allow\" or \"Deny\"");
    }
    boolean notActions = either(node, where, "Action", "NotAction");
    boolean notResources = either(node, where, "Resource", "NotResource");
    String actions = notActions ? "NotAction" : "Action";
    String resources = notResources ? "NotResource" : "Resource";
    return new Statement(
        effect.equals("Allow"),
        notActions,
        patterns(node.get(actions), where + "." + actions, false, true),
        notResources,
        patterns(node.get(resources), where + "." + resources, variables, false),
        conditions(node, where + ".Condition", variables));
  }

  private void requireMember(String member, String where) throws MalformedPolicy {
    boolean principal = member.equals("Principal") || member.equals("NotPrincipal");
    if (principal && !(stored && member.equals("Principal"))) {
      throw new MalformedPolicy(
          where
              + ": "
              + member
              + " has no meaning in a policy that is attached to whom it is for; leave it out");
    }
    if (!principal && !MEMBERS.contains(member)) {
      throw new MalformedPolicy(where + ": unknown member '" + member + "'");
    }
  }

  /** True if the second is there; exactly one must be. */
  private static boolean either(JsonNode node, String where, String one, String other)
      throws MalformedPolicy {
    if (node.has(one) == node.has(other)) {
      throw new MalformedPolicy(where + " must have either " + one + " or " + other);
    }
    return node.has(other);
  }

  private static List<Pattern> patterns(
      JsonNode node, String where, boolean variables, boolean actions) throws MalformedPolicy {
    List<Pattern> patterns = new ArrayList<>();
    for (String text : texts(node, where)) {
      if (actions && !text.equals("*") && text.indexOf(':') < 1) {
        throw new MalformedPolicy(
            where + ": '" + text + "' is not of the form service:Action, such as iot:Publish");
      }
      if (!actions && !text.equals("*") && !text.startsWith("arn:")) {
        throw new MalformedPolicy(where + ": '" + text + "' is neither an ARN nor *");
      }
      patterns.add(Pattern.parse(text, true, variables, actions));
    }
    return patterns;
  }

  private static List<String> texts(JsonNode node, String where) throws MalformedPolicy {
    List<String> texts = new ArrayList<>();
    if (node.isArray() && !node.isEmpty()) {
      for (JsonNode element : node) {
        if (!element.isValueNode() || element.isNull()) {
          throw new MalformedPolicy(where + " must be a string or a list of strings");
        }
        texts.add(element.asText());
      }
    } else if (node.isValueNode() && !node.isNull()) {
      texts.add(node.asText());
    } else {
      throw new MalformedPolicy(where + " must be a string or a list of strings");
    }
    return texts;
  }

  private List<Condition> conditions(JsonNode statement, String where, boolean variables)
      throws MalformedPolicy {
    JsonNode node = statement.path("Condition");
    boolean allow = statement.path("Effect").asText().equals("Allow");
    List<Condition> conditions = new ArrayList<>();
    if (node.isMissingNode()) {
      return conditions;
    }
    if (!node.isObject()) {
      throw new MalformedPolicy(where + " must be an object of operators");
    }
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      String name = entry.getKey();
      Quantifier quantifier = Quantifier.of(name);
      String bare = quantifier.without(name);
      boolean ifExists = bare.endsWith("IfExists");
      Condition.Operator operator =
          Condition.Operator.named(
              ifExists ? bare.substring(0, bare.length() - "IfExists".length()) : bare);
      boolean meaningless =
          operator == Condition.Operator.NULL && (ifExists || quantifier != Quantifier.NONE);
      if (operator == null || meaningless) {
        throw new MalformedPolicy(where + ": '" + name + "' is not a condition operator");
      }
      if (!entry.getValue().isObject() || entry.getValue().isEmpty()) {
        throw new MalformedPolicy(where + "." + name + " must be an object of condition keys");
      }
      for (Map.Entry<String, JsonNode> key : entry.getValue().properties()) {
        String path = where + "." + name + "." + key.getKey();
        Condition condition =
            condition(
                operator,
                quantifier,
                ifExists,
                key.getKey(),
                texts(key.getValue(), path),
                path,
                variables);
        conditions.add(condition);
        unknown(condition, path, allow).ifPresent(findings::add);
      }
    }
    return conditions;
  }

  /** A key that has no value here decides as if it were absent, whatever the caller is. */
  private static Optional<Policy.Finding> unknown(Condition condition, String path, boolean allow) {
    if (ConditionKeys.known(condition.key())) {
      return Optional.empty();
    }
    boolean holds = condition.holdsForAbsent();
    String effect =
        holds
            ? "the condition would hold for every caller"
            : "the condition would hold for no caller";
    return Optional.of(
        new Policy.Finding(
            path + ": the gateway has no condition key '" + condition.key() + "', so " + effect,
            allow == holds));
  }

  private static Condition condition(
      Condition.Operator operator,
      Quantifier quantifier,
      boolean ifExists,
      String key,
      List<String> values,
      String where,
      boolean variables)
      throws MalformedPolicy {
    List<Pattern> patterns = new ArrayList<>();
    boolean ignoreCase = operator.name().endsWith("IGNORE_CASE");
    boolean wildcards = operator.name().endsWith("LIKE") || operator.name().startsWith("ARN");
    for (String value : values) {
      if (!operator.accepts(value)) {
        throw new MalformedPolicy(where + ": '" + value + "' is not a value for this operator");
      }
      patterns.add(Pattern.parse(value, wildcards, variables, ignoreCase));
    }
    return new Condition(operator, quantifier, ifExists, key, values, patterns);
  }
}
