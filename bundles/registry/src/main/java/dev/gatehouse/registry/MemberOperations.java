package dev.gatehouse.registry;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.http.ApiOperation;
import dev.gatehouse.api.http.ApiRequest;
import dev.gatehouse.api.http.ApiResponse;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.json.Json;
import dev.gatehouse.json.JsonBody;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

/** The API operations on which things are in which thing groups. */
final class MemberOperations {
  private static final int AT_ONCE = 10;

  private final Things things;
  private final ThingGroups groups;

  MemberOperations(Things things, ThingGroups groups) {
    this.things = things;
    this.groups = groups;
  }

  List<ApiOperation> list() {
    String path = "/thing-groups/";
    return List.of(
        Operations.of("AddThingToThingGroup", "PUT", path + "addThingToThingGroup", 60, this::add)
            .on(MemberOperations::thingAndGroup),
        Operations.of(
                "RemoveThingFromThingGroup",
                "PUT",
                path + "removeThingFromThingGroup",
                15,
                this::remove)
            .on(MemberOperations::thingAndGroup),
        Operations.of(
                "UpdateThingGroupsForThing",
                "PUT",
                path + "updateThingGroupsForThing",
                10,
                this::update)
            .on(MemberOperations::thingAndGroups),
        Operations.of(
            "ListThingsInThingGroup", "GET", path + "{thingGroupName}/things", 25, this::inGroup),
        Operations.of(
            "ListThingGroupsForThing",
            "GET",
            "/things/{thingName}/thing-groups",
            10,
            this::forThing));
  }

  private static List<String> thingAndGroup(ApiRequest request) {
    return Named.thingAnd(request, GroupKind.THING_GROUP);
  }

  /** Each group is asked for: whoever joins one gets its policies. */
  private static List<String> thingAndGroups(ApiRequest request) {
    JsonBody body = Json.body(request.body());
    List<String> arns = new ArrayList<>();
    arns.add(Things.arn(request.account(), Named.thing(request)));
    Stream.concat(
            groups(body, "thingGroupsToAdd").stream(), groups(body, "thingGroupsToRemove").stream())
        .map(group -> GroupKind.THING_GROUP.arn(request.account(), group))
        .forEach(arns::add);
    return arns;
  }

  private CompletionStage<ApiResponse> add(ApiRequest request) {
    return Operations.done(
        groups.change(
            request.account(),
            Named.thing(request),
            List.of(Named.group(request, GroupKind.THING_GROUP)),
            List.of()));
  }

  private CompletionStage<ApiResponse> remove(ApiRequest request) {
    return Operations.done(
        groups.change(
            request.account(),
            Named.thing(request),
            List.of(),
            List.of(Named.group(request, GroupKind.THING_GROUP))));
  }

  private CompletionStage<ApiResponse> update(ApiRequest request) {
    JsonBody body = Json.body(request.body());
    return Operations.done(
        groups.change(
            request.account(),
            Named.thing(request),
            groups(body, "thingGroupsToAdd"),
            groups(body, "thingGroupsToRemove")));
  }

  private static List<String> groups(JsonBody body, String member) {
    Optional<List<String>> names = body.list(member);
    if (names.isPresent() && names.get().size() > AT_ONCE) {
      throw Validation.invalid(member + " names more than " + AT_ONCE + " groups");
    }
    return names.orElse(List.of());
  }

  private CompletionStage<ApiResponse> inGroup(ApiRequest request) {
    Account account = request.account();
    String group = groups.require(account, request.path("thingGroupName")).name();
    boolean recursive = request.flag("recursive");
    return Operations.list(
        request,
        "things",
        (from, limit) ->
            recursive
                ? groups.allThings(account, group, from, limit)
                : groups.things(account, group, from, limit),
        (thing, list) -> list.add(thing));
  }

  /** What {@code ListThingGroupsForThing} answers in one page, as there are few. */
  ObjectNode groupsOf(Account account, String thingName) {
    String thing = things.require(account, thingName).name();
    ObjectNode answer = Json.object();
    ArrayNode list = answer.putArray("thingGroups");
    groups
        .groups(account, thing, "", GroupKind.THING_GROUP.perThing)
        .forEach(group -> ThingGroupOperations.entry(account, group, list));
    return answer;
  }

  private CompletionStage<ApiResponse> forThing(ApiRequest request) {
    Account account = request.account();
    String thing = things.require(account, request.path("thingName")).name();
    return Operations.list(
        request,
        "thingGroups",
        (from, limit) -> groups.groups(account, thing, from, limit),
        (group, list) -> ThingGroupOperations.entry(account, group, list));
  }
}
