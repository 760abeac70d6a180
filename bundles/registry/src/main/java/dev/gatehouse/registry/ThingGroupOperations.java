package dev.gatehouse.registry;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.http.ApiOperation;
import dev.gatehouse.api.http.ApiRequest;
import dev.gatehouse.api.http.ApiResponse;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.json.Json;
import dev.gatehouse.json.JsonBody;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/** The API operations on static thing groups. */
final class ThingGroupOperations {
  private final ThingGroups groups;
  private final Clock clock;

  ThingGroupOperations(ThingGroups groups, Clock clock) {
    this.groups = groups;
    this.clock = clock;
  }

  List<ApiOperation> list() {
    String one = "/thing-groups/{thingGroupName}";
    return List.of(
        Operations.of("CreateThingGroup", "POST", one, 25, this::create),
        Operations.of("DescribeThingGroup", "GET", one, 10, this::describe),
        Operations.of("UpdateThingGroup", "PATCH", one, 10, this::update),
        Operations.of("DeleteThingGroup", "DELETE", one, 15, this::delete),
        Operations.of("ListThingGroups", "GET", "/thing-groups", 10, this::listGroups));
  }

  private static String name(ApiRequest request) {
    return request.path("thingGroupName");
  }

  private CompletionStage<ApiResponse> create(ApiRequest request) {
    Account account = request.account();
    JsonBody body = Json.body(request.body());
    Optional<JsonBody> properties = body.object("thingGroupProperties");
    Map<String, String> attributes = properties.map(Attributes::created).orElse(Map.of());
    Validation.groupAttributes(attributes);
    Group group =
        new Group(
            Validation.name("thingGroupName", name(request)),
            UUID.randomUUID().toString(),
            body.text("parentGroupName").orElse(null),
            properties.flatMap(ThingGroupOperations::description).orElse(null),
            attributes,
            clock.millis(),
            1);
    return groups
        .create(account, group, body.tags())
        .thenApply(made -> ApiResponse.json(Json.bytes(created(account, made))));
  }

  private static Optional<String> description(JsonBody properties) {
    return properties
        .text("thingGroupDescription")
        .map(text -> Validation.description("thingGroupDescription", text));
  }

  private static ObjectNode created(Account account, Group group) {
    return Json.object()
        .put("thingGroupName", group.name())
        .put("thingGroupArn", GroupKind.THING_GROUP.arn(account, group.name()))
        .put("thingGroupId", group.groupId());
  }

  private CompletionStage<ApiResponse> describe(ApiRequest request) {
    Account account = request.account();
    Group group = groups.require(account, name(request));
    ObjectNode answer = created(account, group).put("version", group.version());
    ObjectNode properties = answer.putObject("thingGroupProperties");
    if (group.description() != null) {
      properties.put("thingGroupDescription", group.description());
    }
    if (!group.attributes().isEmpty()) {
      properties
          .putObject("attributePayload")
          .set("attributes", Attributes.node(group.attributes()));
    }
    ObjectNode metadata = answer.putObject("thingGroupMetadata");
    if (group.parent() != null) {
      metadata.put("parentGroupName", group.parent());
    }
    ArrayNode path = metadata.putArray("rootToParentThingGroups");
    groups.above(account, group).forEach(above -> entry(account, above.name(), path));
    metadata.put("creationDate", group.createdMillis() / 1000.0);
    return Operations.answer(answer);
  }

  static void entry(Account account, String name, ArrayNode list) {
    list.addObject()
        .put("groupName", name)
        .put("groupArn", GroupKind.THING_GROUP.arn(account, name));
  }

  private CompletionStage<ApiResponse> update(ApiRequest request) {
    JsonBody body = Json.body(request.body());
    JsonBody properties =
        body.object("thingGroupProperties")
            .orElseThrow(() -> Validation.invalid("the member thingGroupProperties is missing"));
    Optional<String> description = description(properties);
    return groups
        .update(
            request.account(),
            name(request),
            body.number("expectedVersion"),
            before -> {
              Map<String, String> attributes = Attributes.updated(properties, before.attributes());
              Validation.groupAttributes(attributes);
              return before.with(description.orElse(before.description()), attributes);
            })
        .thenApply(
            after -> ApiResponse.json(Json.bytes(Json.object().put("version", after.version()))));
  }

  private CompletionStage<ApiResponse> delete(ApiRequest request) {
    return Operations.done(
        groups.delete(request.account(), name(request), Operations.expectedVersion(request)));
  }

  private CompletionStage<ApiResponse> listGroups(ApiRequest request) {
    Account account = request.account();
    Optional<String> parent = request.query("parentGroup");
    parent.ifPresent(name -> groups.require(account, name));
    boolean recursive = request.flag("recursive");
    String prefix = request.query("namePrefixFilter").orElse("");
    // Without a parent all are listed, unless it is said that those at the root are enough.
    boolean all = parent.isEmpty() && (recursive || request.query("recursive").isEmpty());
    return Operations.list(
        request,
        "thingGroups",
        (from, limit) ->
            all
                ? groups.names(account, prefix, from, limit)
                : groups.below(account, parent.orElse(""), prefix, recursive, from, limit),
        (rest, list) -> entry(account, prefix + rest, list));
  }
}
