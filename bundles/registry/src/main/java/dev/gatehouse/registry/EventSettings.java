package dev.gatehouse.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.http.ApiOperation;
import dev.gatehouse.api.http.ApiRequest;
import dev.gatehouse.api.http.ApiResponse;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.store.Batch;
import dev.gatehouse.json.Json;
import dev.gatehouse.json.JsonBody;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Which events an account wants to be told of (AWS IoT: Enable events). None, until it says so. */
final class EventSettings {
  static final String SETTINGS = "registry.event-settings";

  /** What AWS IoT has events of and this gateway has not. */
  private static final List<String> NEVER =
      List.of("JOB", "JOB_EXECUTION", "POLICY", "CERTIFICATE", "CA_CERTIFICATE");

  private final Rows rows;
  private final Clock clock;

  EventSettings(Rows rows, Clock clock) {
    this.rows = rows;
    this.clock = clock;
  }

  List<ApiOperation> operations() {
    String path = "/event-configurations";
    return List.of(
        Operations.of("DescribeEventConfigurations", "GET", path, 10, this::describe),
        Operations.of("UpdateEventConfigurations", "PATCH", path, 10, this::update));
  }

  boolean enabled(Account account, Events.Kind kind) {
    return read(account).map(settings -> enabled(settings, kind.name())).orElse(false);
  }

  private static boolean enabled(ObjectNode settings, String kind) {
    return settings.path("enabled").path(kind).asBoolean(false);
  }

  private Optional<ObjectNode> read(Account account) {
    return rows.get(SETTINGS, Rows.key(account)).map(Rows::node);
  }

  private CompletionStage<ApiResponse> describe(ApiRequest request) {
    ObjectNode settings = read(request.account()).orElseGet(Json::object);
    ObjectNode answer = Json.object();
    ObjectNode kinds = answer.putObject("eventConfigurations");
    for (Events.Kind kind : Events.Kind.values()) {
      kinds.putObject(kind.name()).put("Enabled", enabled(settings, kind.name()));
    }
    NEVER.forEach(kind -> kinds.putObject(kind).put("Enabled", false));
    if (settings.has("created")) {
      answer.put("creationDate", settings.get("created").asLong() / 1000.0);
      answer.put("lastModifiedDate", settings.get("modified").asLong() / 1000.0);
    }
    return Operations.answer(answer);
  }

  private CompletionStage<ApiResponse> update(ApiRequest request) {
    ObjectNode wanted = Json.object();
    Json.body(request.body())
        .object("eventConfigurations")
        .map(JsonBody::tree)
        .ifPresent(
            kinds ->
                kinds.properties().forEach(kind -> check(kind.getKey(), kind.getValue(), wanted)));
    byte[] key = Rows.key(request.account());
    return Operations.done(
        rows.commit(
            () -> {
              Batch batch = new Batch();
              Rows.expect(batch, SETTINGS, key, rows.get(SETTINGS, key));
              ObjectNode settings = read(request.account()).orElseGet(Json::object);
              long now = clock.millis();
              if (!settings.has("created")) {
                settings.put("created", now).putObject("enabled");
              }
              settings.put("modified", now);
              ((ObjectNode) settings.get("enabled")).setAll(wanted);
              return new Rows.Change<>(batch.put(SETTINGS, key, Rows.value(settings)), true);
            }));
  }

  private static void check(String kind, JsonNode configuration, ObjectNode wanted) {
    JsonNode enabled = configuration.path("Enabled");
    if (!configuration.isObject() || !(enabled.isBoolean() || configuration.isEmpty())) {
      throw Validation.invalid(
          "eventConfigurations." + kind + " is not of the form {\"Enabled\": true or false}");
    }
    if (Arrays.stream(Events.Kind.values()).anyMatch(known -> known.name().equals(kind))) {
      wanted.put(kind, enabled.asBoolean(false));
    } else if (!NEVER.contains(kind)) {
      throw Validation.invalid("there are no events of '" + kind + "'");
    } else if (enabled.asBoolean(false)) {
      throw Validation.invalid("events of " + kind + " are not served by this gateway");
    }
  }
}
