package dev.gatehouse.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.store.Batch;
import dev.gatehouse.json.Json;
import dev.gatehouse.json.JsonBody;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** What an account has said about its logs; kept for it, as there are no logs of accounts here. */
final class Logging {
  static final String OPTIONS = "registry.logging-options";
  static final String LEVELS = "registry.logging-levels";

  private static final List<String> LEVEL_NAMES =
      List.of("DEBUG", "INFO", "ERROR", "WARN", "DISABLED");
  private static final List<String> TARGETS =
      List.of("THING_GROUP", "CLIENT_ID", "SOURCE_IP", "PRINCIPAL_ID");
  private static final int LIMIT = 256;

  private final Rows rows;

  Logging(Rows rows) {
    this.rows = rows;
  }

  static String level(String name) {
    if (!LEVEL_NAMES.contains(name)) {
      throw Validation.invalid("log level '" + name + "' is not one of " + LEVEL_NAMES);
    }
    return name;
  }

  /** The options of the first or second version of the calls, which do not share them. */
  Optional<ObjectNode> options(Account account, int version) {
    return rows.get(OPTIONS, Rows.key(account, "v" + version)).map(Rows::node);
  }

  ObjectNode requireOptions(Account account) {
    return options(account, 2)
        .orElseThrow(
            () ->
                new ServiceException(
                    RegistryErrors.NOT_CONFIGURED, "no logging options have been set (version 2)"));
  }

  CompletionStage<Boolean> set(Account account, int version, ObjectNode options) {
    byte[] key = Rows.key(account, "v" + version);
    return rows.commit(
        () -> new Rows.Change<>(new Batch().put(OPTIONS, key, Rows.value(options)), true));
  }

  CompletionStage<Boolean> setLevel(Account account, JsonBody target, String level) {
    requireOptions(account);
    String type = target.requireText("targetType");
    if (type.equals("DEFAULT")) {
      if (target.text("targetName").isPresent()) {
        throw Validation.invalid("the target DEFAULT has no targetName");
      }
      ObjectNode options = requireOptions(account);
      return set(account, 2, options.put("defaultLogLevel", level));
    }
    byte[] key = key(account, type, target.requireText("targetName"));
    ObjectNode value = Json.object().put("level", level);
    return rows.commit(
        () -> {
          if (!rows.has(LEVELS, key) && levels(account, "", "", LIMIT).size() == LIMIT) {
            throw new ServiceException(
                ErrorCode.LIMIT_EXCEEDED, "an account has levels of at most " + LIMIT + " targets");
          }
          return new Rows.Change<>(new Batch().put(LEVELS, key, Rows.value(value)), true);
        });
  }

  CompletionStage<Boolean> deleteLevel(Account account, String type, String name) {
    byte[] key = key(account, type, name);
    return rows.commit(() -> new Rows.Change<>(new Batch().delete(LEVELS, key), true));
  }

  private static byte[] key(Account account, String type, String name) {
    if (!TARGETS.contains(type)) {
      throw Validation.invalid("targetType '" + type + "' is not DEFAULT or one of " + TARGETS);
    }
    if (name.isEmpty() || name.length() > 512 || name.indexOf('\0') >= 0) {
      throw Validation.invalid("targetName is not 1 to 512 characters");
    }
    return Rows.key(account, type, name);
  }

  /** Types and names of targets, of one type or of all. */
  List<String> levels(Account account, String type, String from, int limit) {
    String[] parts = type.isEmpty() ? new String[] {""} : new String[] {type, ""};
    return rows.page(LEVELS, Rows.key(account, parts), from, limit);
  }

  Optional<String> levelOf(Account account, String type, String name) {
    return rows.get(LEVELS, Rows.key(account, type, name))
        .map(value -> Rows.node(value).get("level").asText());
  }
}
