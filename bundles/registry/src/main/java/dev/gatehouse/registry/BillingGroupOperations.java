package dev.gatehouse.registry;

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

/** The API operations on billing groups. */
final class BillingGroupOperations {
  private final BillingGroups groups;
  private final Clock clock;

  BillingGroupOperations(BillingGroups groups, Clock clock) {
    this.groups = groups;
    this.clock = clock;
  }

  List<ApiOperation> list() {
    String all = "/billing-groups";
    String one = all + "/{billingGroupName}";
    return List.of(
        Operations.of("CreateBillingGroup", "POST", one, 25, this::create),
        Operations.of("DescribeBillingGroup", "GET", one, 10, this::describe),
        Operations.of("UpdateBillingGroup", "PATCH", one, 10, this::update),
        Operations.of("DeleteBillingGroup", "DELETE", one, 15, this::delete),
        Operations.of("ListBillingGroups", "GET", all, 10, this::listGroups),
        Operations.of("ListThingsInBillingGroup", "GET", one + "/things", 25, this::inGroup),
        Operations.of(
                "AddThingToBillingGroup", "PUT", all + "/addThingToBillingGroup", 60, this::add)
            .on(BillingGroupOperations::thingAndGroup),
        Operations.of(
                "RemoveThingFromBillingGroup",
                "PUT",
                all + "/removeThingFromBillingGroup",
                15,
                this::remove)
            .on(BillingGroupOperations::thingAndGroup));
  }

  private static List<String> thingAndGroup(ApiRequest request) {
    return Named.thingAnd(request, GroupKind.BILLING_GROUP);
  }

  private static String named(ApiRequest request) {
    return Named.group(request, GroupKind.BILLING_GROUP);
  }

  private static String name(ApiRequest request) {
    return request.path("billingGroupName");
  }

  private static Optional<String> description(JsonBody properties) {
    return properties
        .text("billingGroupDescription")
        .map(text -> Validation.description("billingGroupDescription", text));
  }

  private CompletionStage<ApiResponse> create(ApiRequest request) {
    Account account = request.account();
    JsonBody body = Json.body(request.body());
    Group group =
        new Group(
            Validation.name("billingGroupName", name(request)),
            UUID.randomUUID().toString(),
            null,
            body.object("billingGroupProperties")
                .flatMap(BillingGroupOperations::description)
                .orElse(null),
            Map.of(),
            clock.millis(),
            1);
    return groups
        .create(account, group, body.tags())
        .thenApply(made -> ApiResponse.json(Json.bytes(created(account, made))));
  }

  private static ObjectNode created(Account account, Group group) {
    return Json.object()
        .put("billingGroupName", group.name())
        .put("billingGroupArn", GroupKind.BILLING_GROUP.arn(account, group.name()))
        .put("billingGroupId", group.groupId());
  }

  private CompletionStage<ApiResponse> describe(ApiRequest request) {
    Group group = groups.require(request.account(), name(request));
    ObjectNode answer = created(request.account(), group).put("version", group.version());
    ObjectNode properties = answer.putObject("billingGroupProperties");
    if (group.description() != null) {
      properties.put("billingGroupDescription", group.description());
    }
    answer.putObject("billingGroupMetadata").put("creationDate", group.createdMillis() / 1000.0);
    return Operations.answer(answer);
  }

  private CompletionStage<ApiResponse> update(ApiRequest request) {
    JsonBody body = Json.body(request.body());
    Optional<String> description =
        body.object("billingGroupProperties")
            .map(BillingGroupOperations::description)
            .orElseThrow(() -> Validation.invalid("the member billingGroupProperties is missing"));
    return groups
        .update(
            request.account(),
            name(request),
            body.number("expectedVersion"),
            before -> before.with(description.orElse(before.description()), Map.of()))
        .thenApply(
            after -> ApiResponse.json(Json.bytes(Json.object().put("version", after.version()))));
  }

  private CompletionStage<ApiResponse> delete(ApiRequest request) {
    return Operations.done(
        groups.delete(request.account(), name(request), Operations.expectedVersion(request)));
  }

  private CompletionStage<ApiResponse> listGroups(ApiRequest request) {
    Account account = request.account();
    String prefix = request.query("namePrefixFilter").orElse("");
    return Operations.list(
        request,
        "billingGroups",
        (from, limit) -> groups.names(account, prefix, from, limit),
        (rest, list) ->
            list.addObject()
                .put("groupName", prefix + rest)
                .put("groupArn", GroupKind.BILLING_GROUP.arn(account, prefix + rest)));
  }

  private CompletionStage<ApiResponse> inGroup(ApiRequest request) {
    Account account = request.account();
    String group = groups.require(account, name(request)).name();
    return Operations.list(
        request,
        "things",
        (from, limit) -> groups.things(account, group, from, limit),
        (thing, list) -> list.add(thing));
  }

  private CompletionStage<ApiResponse> add(ApiRequest request) {
    return Operations.done(
        groups.change(request.account(), Named.thing(request), List.of(named(request)), List.of()));
  }

  private CompletionStage<ApiResponse> remove(ApiRequest request) {
    return Operations.done(
        groups.change(request.account(), Named.thing(request), List.of(), List.of(named(request))));
  }
}
