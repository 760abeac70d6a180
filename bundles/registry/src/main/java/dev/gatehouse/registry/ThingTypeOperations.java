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
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** The API operations on thing types (guide: Thing Types). */
final class ThingTypeOperations {
  private final ThingTypes types;

  ThingTypeOperations(ThingTypes types) {
    this.types = types;
  }

  List<ApiOperation> list() {
    String one = "/thing-types/{thingTypeName}";
    return List.of(
        Operations.of("CreateThingType", "POST", one, 15, this::create),
        Operations.of("DescribeThingType", "GET", one, 10, this::describe),
        Operations.of("UpdateThingType", "PATCH", one, 10, this::update),
        Operations.of("DeprecateThingType", "POST", one + "/deprecate", 15, this::deprecate),
        Operations.of("DeleteThingType", "DELETE", one, 15, this::delete),
        Operations.of("ListThingTypes", "GET", "/thing-types", 10, this::listTypes));
  }

  private static String name(ApiRequest request) {
    return request.path("thingTypeName");
  }

  private CompletionStage<ApiResponse> create(ApiRequest request) {
    Account account = request.account();
    JsonBody body = Json.body(request.body());
    Optional<JsonBody> properties = properties(body);
    return types
        .create(
            account,
            Validation.name("thingTypeName", name(request)),
            properties.flatMap(ThingTypeOperations::description).orElse(null),
            properties.flatMap(given -> given.list("searchableAttributes")).orElse(List.of()),
            body.tags())
        .thenApply(type -> ApiResponse.json(Json.bytes(created(account, type))));
  }

  private static Optional<JsonBody> properties(JsonBody body) {
    Optional<JsonBody> properties = body.object("thingTypeProperties");
    if (properties.flatMap(given -> given.object("mqtt5Configuration")).isPresent()) {
      throw Validation.invalid(
          "thingTypeProperties.mqtt5Configuration is not served by this gateway");
    }
    return properties;
  }

  private static Optional<String> description(JsonBody properties) {
    return properties
        .text("thingTypeDescription")
        .map(text -> Validation.description("thingTypeDescription", text));
  }

  private static ObjectNode created(Account account, ThingType type) {
    return Json.object()
        .put("thingTypeName", type.name())
        .put("thingTypeArn", ThingTypes.arn(account, type.name()))
        .put("thingTypeId", type.typeId());
  }

  private CompletionStage<ApiResponse> describe(ApiRequest request) {
    Account account = request.account();
    ThingType type = types.require(account, name(request));
    ObjectNode answer = created(account, type);
    state(type, answer);
    return Operations.answer(answer);
  }

  private static void state(ThingType type, ObjectNode node) {
    ObjectNode properties = node.putObject("thingTypeProperties");
    if (type.description() != null) {
      properties.put("thingTypeDescription", type.description());
    }
    ArrayNode searchable = properties.putArray("searchableAttributes");
    type.searchable().forEach(searchable::add);
    ObjectNode metadata =
        node.putObject("thingTypeMetadata").put("deprecated", type.deprecatedMillis() != null);
    if (type.deprecatedMillis() != null) {
      metadata.put("deprecationDate", type.deprecatedMillis() / 1000.0);
    }
    metadata.put("creationDate", type.createdMillis() / 1000.0);
  }

  private CompletionStage<ApiResponse> update(ApiRequest request) {
    Optional<JsonBody> properties = properties(Json.body(request.body()));
    Optional<String> description = properties.flatMap(ThingTypeOperations::description);
    Optional<List<String>> searchable =
        properties.flatMap(given -> given.list("searchableAttributes"));
    return Operations.done(
        types.change(
            request.account(),
            name(request),
            type -> {
              if (searchable.isPresent() && !searchable.get().equals(type.searchable())) {
                throw Validation.invalid(
                    "searchableAttributes of a thing type never change; '"
                        + type.name()
                        + "' has "
                        + type.searchable());
              }
              return description.map(type::described).orElse(type);
            }));
  }

  private CompletionStage<ApiResponse> deprecate(ApiRequest request) {
    boolean undo = Json.body(request.body()).flag("undoDeprecate").orElse(false);
    return Operations.done(types.deprecate(request.account(), name(request), undo));
  }

  private CompletionStage<ApiResponse> delete(ApiRequest request) {
    return Operations.done(types.delete(request.account(), name(request)));
  }

  private CompletionStage<ApiResponse> listTypes(ApiRequest request) {
    Account account = request.account();
    Optional<String> only = request.query("thingTypeName");
    return Operations.list(
        request,
        "thingTypes",
        (from, limit) ->
            only.isPresent()
                ? only.filter(name -> types.find(account, name).isPresent()).stream().toList()
                : types.names(account, from, limit),
        (name, list) ->
            types
                .find(account, name)
                .ifPresent(
                    type -> {
                      ObjectNode node =
                          list.addObject()
                              .put("thingTypeName", name)
                              .put("thingTypeArn", ThingTypes.arn(account, name));
                      state(type, node);
                    }));
  }
}
