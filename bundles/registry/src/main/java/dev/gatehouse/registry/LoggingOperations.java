package dev.gatehouse.registry;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.http.ApiOperation;
import dev.gatehouse.api.http.ApiRequest;
import dev.gatehouse.api.http.ApiResponse;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.json.Json;
import dev.gatehouse.json.JsonBody;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** The API operations on logging options, of both versions. */
final class LoggingOperations {
  private final Logging logging;

  LoggingOperations(Logging logging) {
    this.logging = logging;
  }

  List<ApiOperation> list() {
    String options = "/loggingOptions";
    String options2 = "/v2LoggingOptions";
    String level = "/v2LoggingLevel";
    return List.of(
        Operations.of("GetLoggingOptions", "GET", options, 2, this::get),
        Operations.of("SetLoggingOptions", "POST", options, 2, this::set),
        Operations.of("GetV2LoggingOptions", "GET", options2, 2, this::get2),
        Operations.of("SetV2LoggingOptions", "POST", options2, 2, this::set2),
        Operations.of("SetV2LoggingLevel", "POST", level, 2, this::setLevel),
        Operations.of("DeleteV2LoggingLevel", "DELETE", level, 2, this::deleteLevel),
        Operations.of("ListV2LoggingLevels", "GET", level, 2, this::listLevels));
  }

  private CompletionStage<ApiResponse> get(ApiRequest request) {
    return Operations.answer(
        logging
            .options(request.account(), 1)
            .orElseGet(() -> Json.object().put("logLevel", "DISABLED")));
  }

  private CompletionStage<ApiResponse> set(ApiRequest request) {
    JsonBody body = Json.body(request.body());
    ObjectNode options = Json.object().put("roleArn", body.requireText("roleArn"));
    options.put("logLevel", Logging.level(body.text("logLevel").orElse("ERROR")));
    return Operations.done(logging.set(request.account(), 1, options));
  }

  private CompletionStage<ApiResponse> get2(ApiRequest request) {
    return Operations.answer(logging.requireOptions(request.account()));
  }

  private CompletionStage<ApiResponse> set2(ApiRequest request) {
    JsonBody body = Json.body(request.body());
    if (!body.objects("eventConfigurations").isEmpty()) {
      throw Validation.invalid("eventConfigurations are not served by this gateway");
    }
    ObjectNode options = Json.object();
    body.text("roleArn").ifPresent(arn -> options.put("roleArn", arn));
    options.put("defaultLogLevel", Logging.level(body.text("defaultLogLevel").orElse("ERROR")));
    options.put("disableAllLogs", body.flag("disableAllLogs").orElse(false));
    return Operations.done(logging.set(request.account(), 2, options));
  }

  private CompletionStage<ApiResponse> setLevel(ApiRequest request) {
    JsonBody body = Json.body(request.body());
    JsonBody target =
        body.object("logTarget")
            .orElseThrow(() -> Validation.invalid("the member logTarget is missing"));
    String level = Logging.level(body.requireText("logLevel"));
    return Operations.done(logging.setLevel(request.account(), target, level));
  }

  private CompletionStage<ApiResponse> deleteLevel(ApiRequest request) {
    return Operations.done(
        logging.deleteLevel(
            request.account(), query(request, "targetType"), query(request, "targetName")));
  }

  private static String query(ApiRequest request, String name) {
    return request
        .query(name)
        .orElseThrow(() -> Validation.invalid("the parameter " + name + " is missing"));
  }

  private CompletionStage<ApiResponse> listLevels(ApiRequest request) {
    Account account = request.account();
    logging.requireOptions(account);
    String type = request.query("targetType").orElse("");
    return Operations.list(
        request,
        "logTargetConfigurations",
        (from, limit) -> logging.levels(account, type, from, limit),
        (entry, list) -> level(account, type.isEmpty() ? entry : type + '\0' + entry, list));
  }

  private void level(Account account, String entry, ArrayNode list) {
    int end = entry.indexOf('\0');
    String type = entry.substring(0, end);
    String name = entry.substring(end + 1);
    logging
        .levelOf(account, type, name)
        .ifPresent(
            level -> {
              ObjectNode node = list.addObject();
              node.putObject("logTarget").put("targetType", type).put("targetName", name);
              node.put("logLevel", level);
            });
  }
}
