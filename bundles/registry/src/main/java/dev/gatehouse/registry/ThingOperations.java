package dev.gatehouse.registry;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.http.ApiOperation;
import dev.gatehouse.api.http.ApiRequest;
import dev.gatehouse.api.http.ApiResponse;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.registry.Thing;
import dev.gatehouse.json.Json;
import dev.gatehouse.json.JsonBody;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/** The API operations on things (guide: Managing Things with the Thing Registry). */
final class ThingOperations {
  private final Things things;
  private final BillingGroups billingGroups;

  ThingOperations(Things things, BillingGroups billingGroups) {
    this.things = things;
    this.billingGroups = billingGroups;
  }

  List<ApiOperation> list() {
    String one = "/things/{thingName}";
    return List.of(
        Operations.of("CreateThing", "POST", one, 15, this::create)
            .on(ThingOperations::thingAndBillingGroup),
        Operations.of("DescribeThing", "GET", one, 10, this::describe),
        Operations.of("UpdateThing", "PATCH", one, 10, this::update),
        Operations.of("DeleteThing", "DELETE", one, 15, this::delete),
        Operations.of("ListThings", "GET", "/things", 10, this::listThings));
  }

  /** A thing that is created in a billing group joins it. */
  private static List<String> thingAndBillingGroup(ApiRequest request) {
    Account account = request.account();
    List<String> arns = new ArrayList<>();
    arns.add(Things.arn(account, request.path("thingName")));
    Json.body(request.body())
        .text("billingGroupName")
        .ifPresent(group -> arns.add(GroupKind.BILLING_GROUP.arn(account, group)));
    return arns;
  }

  private CompletionStage<ApiResponse> create(ApiRequest request) {
    Account account = request.account();
    JsonBody body = Json.body(request.body());
    Map<String, String> attributes = Attributes.created(body);
    Validation.attributes(attributes);
    Thing thing =
        new Thing(
            Validation.name("thingName", request.path("thingName")),
            UUID.randomUUID().toString(),
            body.text("thingTypeName").map(type -> Validation.name("thingTypeName", type)),
            attributes,
            1);
    return things
        .create(account, thing, billingGroups, body.text("billingGroupName").orElse(null))
        .thenApply(made -> ApiResponse.json(Json.bytes(created(account, made))));
  }

  private static ObjectNode created(Account account, Thing thing) {
    return Json.object()
        .put("thingName", thing.name())
        .put("thingArn", Things.arn(account, thing.name()))
        .put("thingId", thing.thingId());
  }

  private CompletionStage<ApiResponse> describe(ApiRequest request) {
    return Operations.answer(description(request.account(), request.path("thingName")));
  }

  /** What {@code DescribeThing} answers. */
  ObjectNode description(Account account, String name) {
    Thing thing = things.require(account, name);
    ObjectNode answer = created(account, thing).put("defaultClientId", thing.name());
    state(thing, answer);
    billingGroups
        .of(account, thing.name())
        .ifPresent(group -> answer.put("billingGroupName", group));
    return answer;
  }

  private static void state(Thing thing, ObjectNode node) {
    thing.typeName().ifPresent(type -> node.put("thingTypeName", type));
    node.set("attributes", Attributes.node(thing.attributes()));
    node.put("version", thing.version());
  }

  private CompletionStage<ApiResponse> update(ApiRequest request) {
    JsonBody body = Json.body(request.body());
    boolean removeType = body.flag("removeThingType").orElse(false);
    Optional<String> type = body.text("thingTypeName");
    if (removeType && type.isPresent()) {
      throw Validation.invalid("thingTypeName and removeThingType exclude each other");
    }
    return Operations.done(
        things.update(
            request.account(),
            new Things.Update(
                request.path("thingName"),
                body.number("expectedVersion"),
                type,
                removeType,
                before -> Attributes.updated(body, before))));
  }

  private CompletionStage<ApiResponse> delete(ApiRequest request) {
    return Operations.done(
        things.delete(
            request.account(), request.path("thingName"), Operations.expectedVersion(request)));
  }

  private CompletionStage<ApiResponse> listThings(ApiRequest request) {
    Account account = request.account();
    ThingIndex.Search search =
        new ThingIndex.Search(
            request.query("thingTypeName").orElse(null),
            request.query("attributeName").orElse(null),
            request.query("attributeValue").orElse(null),
            request.flag("usePrefixAttributeValue"));
    if (search.everything()) {
      return Operations.listLarge(
          request,
          "things",
          (from, limit) -> things.page(account, from, limit),
          Thing::name,
          (thing, list) -> summary(account, thing, list));
    }
    return Operations.list(
        request,
        "things",
        (from, limit) -> things.find(account, search, from, limit),
        (entry, list) ->
            things
                .find(account, Operations.last(entry))
                .ifPresent(thing -> summary(account, thing, list)));
  }

  private static void summary(Account account, Thing thing, ArrayNode list) {
    ObjectNode node = list.addObject();
    node.put("thingName", thing.name()).put("thingArn", Things.arn(account, thing.name()));
    state(thing, node);
  }
}
