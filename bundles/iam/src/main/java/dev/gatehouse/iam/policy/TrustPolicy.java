package dev.gatehouse.iam.policy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.identity.Decision;
import dev.gatehouse.api.identity.PolicyLanguage.Compiled;
import dev.gatehouse.iam.service.IamErrors;
import dev.gatehouse.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Who may take a role. Its statements are those of any policy, but for {@code Principal} in place
 * of {@code Resource}: that is read here, the rest by the one language.
 */
public final class TrustPolicy {
  private static final Set<String> TYPES = Set.of("AWS", "Service", "Federated");
  private static final Set<String> MEMBERS = Set.of("Version", "Id", "Statement");
  private static final int MAX_DEPTH = 20;

  private final List<Statement> statements;

  private record Named(String type, String value) {}

  private record Statement(List<Named> principals, Compiled rest) {}

  /** What a trust policy says of somebody. */
  public enum Answer {
    /** Named itself and allowed. */
    TRUSTED,
    /** Its account is allowed, which must allow it in turn. */
    ACCOUNT_TRUSTED,
    /** Not named, or denied. */
    NOT_TRUSTED
  }

  private TrustPolicy(List<Statement> statements) {
    this.statements = List.copyOf(statements);
  }

  /**
   * Reads one that somebody gives.
   *
   * @throws ServiceException MALFORMED_POLICY_DOCUMENT saying where and why
   */
  public static TrustPolicy given(String document, Documents documents) {
    return read(document, documents::given, true);
  }

  /**
   * Reads one that was given before.
   *
   * @throws ServiceException MALFORMED_POLICY_DOCUMENT saying where and why
   */
  public static TrustPolicy parse(String document, Documents documents) {
    return read(document, documents::strict, false);
  }

  private static TrustPolicy read(
      String document, Function<String, Compiled> compiler, boolean given) {
    JsonNode root;
    try {
      root = Json.parse(document, MAX_DEPTH);
    } catch (JsonProcessingException e) {
      throw malformed("not JSON: " + e.getOriginalMessage());
    }
    for (Map.Entry<String, JsonNode> member : root.properties()) {
      if (given && !MEMBERS.contains(member.getKey())) {
        throw malformed(
            "unknown member '" + member.getKey() + "'; Version, Id and Statement are known");
      }
    }
    JsonNode list = root.path("Statement");
    if (!root.isObject() || list.isEmpty()) {
      throw malformed("Statement is missing or empty");
    }
    List<Statement> statements = new ArrayList<>();
    if (list.isObject()) {
      statements.add(statement(root, list, compiler));
    } else {
      for (JsonNode one : list) {
        statements.add(statement(root, one, compiler));
      }
    }
    return new TrustPolicy(statements);
  }

  private static ServiceException malformed(String message) {
    return new ServiceException(IamErrors.MALFORMED_POLICY_DOCUMENT, message);
  }

  private static Statement statement(
      JsonNode root, JsonNode node, Function<String, Compiled> compiler) {
    if (!(node instanceof ObjectNode object)) {
      throw malformed("Statement must be an object or a list of objects");
    }
    if (object.has("Resource") || object.has("NotResource")) {
      throw malformed("Statement: Resource is not allowed in a trust policy");
    }
    List<Named> principals = principals(object.path("Principal"));
    ObjectNode rest = Json.object();
    object
        .properties()
        .forEach(
            member -> {
              if (member.getKey().equals("Condition") && member.getValue().isObject()) {
                rest.set("Condition", conditions(member.getValue()));
              } else if (!member.getKey().equals("Principal")) {
                rest.set(member.getKey(), member.getValue());
              }
            });
    rest.put("Resource", "*");
    ObjectNode whole = Json.object();
    if (root.has("Version")) {
      whole.set("Version", root.get("Version"));
    }
    whole.set("Statement", rest);
    return new Statement(principals, compiler.apply(Json.text(whole)));
  }

  /** The keys of sessions have one value, so a set of values is compared like one. */
  private static ObjectNode conditions(JsonNode conditions) {
    ObjectNode plain = Json.object();
    conditions
        .properties()
        .forEach(
            member ->
                plain.set(
                    member.getKey().replaceFirst("^ForA(ny|ll)Values?:", ""), member.getValue()));
    return plain;
  }

  private static List<Named> principals(JsonNode node) {
    List<Named> principals = new ArrayList<>();
    if (node.isTextual() && node.asText().equals("*")) {
      return List.of(new Named("AWS", "*"));
    }
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      if (!TYPES.contains(entry.getKey())) {
        throw malformed("Principal: '" + entry.getKey() + "' is not one of " + TYPES);
      }
      Iterable<JsonNode> values =
          entry.getValue().isArray() ? entry.getValue() : List.of(entry.getValue());
      for (JsonNode value : values) {
        if (!value.isTextual()) {
          throw malformed("Principal." + entry.getKey() + " must be a string or a list of strings");
        }
        principals.add(new Named(entry.getKey(), value.asText()));
      }
    }
    if (principals.isEmpty()) {
      throw malformed("Statement must have a Principal");
    }
    return principals;
  }

  /** Whether its answers depend on the time. */
  public boolean asksTime() {
    return statements.stream().anyMatch(statement -> statement.rest().asksTime());
  }

  /** Whether somebody may do an action, such as {@code sts:AssumeRole}, on the role. */
  public Answer decide(Party party, String action, Map<String, String> variables) {
    Map<String, String> anyCase = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    anyCase.putAll(variables);
    Answer answer = Answer.NOT_TRUSTED;
    for (Statement statement : statements) {
      boolean named =
          statement.principals().stream().anyMatch(p -> party.isNamedBy(p.type(), p.value()));
      boolean account =
          statement.principals().stream()
              .anyMatch(p -> party.accountIsNamedBy(p.type(), p.value()));
      if (!named && !account) {
        continue;
      }
      Decision decision = statement.rest().decide(action, "*", anyCase);
      if (decision == Decision.EXPLICITLY_DENIED) {
        return Answer.NOT_TRUSTED;
      }
      if (decision.allowed() && answer != Answer.TRUSTED) {
        answer = named ? Answer.TRUSTED : Answer.ACCOUNT_TRUSTED;
      }
    }
    return answer;
  }
}
