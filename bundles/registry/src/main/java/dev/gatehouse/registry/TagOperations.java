package dev.gatehouse.registry;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.http.ApiOperation;
import dev.gatehouse.api.http.ApiRequest;
import dev.gatehouse.api.http.ApiResponse;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.identity.Arn;
import dev.gatehouse.api.store.Batch;
import dev.gatehouse.json.Json;
import dev.gatehouse.json.JsonBody;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** The API operations on tags of thing types, thing groups and billing groups. */
final class TagOperations {
  private final Tags tags;
  private final ThingTypes types;
  private final List<Groups> groups;

  TagOperations(Tags tags, ThingTypes types, List<Groups> groups) {
    this.tags = tags;
    this.types = types;
    this.groups = groups;
  }

  List<ApiOperation> list() {
    return List.of(
        Operations.of("TagResource", "POST", "/tags", 10, TagOperations::inBody, this::tag),
        Operations.of("UntagResource", "POST", "/untag", 10, TagOperations::inBody, this::untag),
        Operations.of(
            "ListTagsForResource", "GET", "/tags", 10, TagOperations::inQuery, this::listTags));
  }

  private static String inBody(ApiRequest request) {
    return Json.body(request.body()).requireText("resourceArn");
  }

  private static String inQuery(ApiRequest request) {
    return request
        .query("resourceArn")
        .orElseThrow(() -> Validation.invalid("the parameter resourceArn is missing"));
  }

  private CompletionStage<ApiResponse> tag(ApiRequest request) {
    String arn = inBody(request);
    Map<String, String> added = Tags.read(Json.body(request.body()));
    if (added.isEmpty()) {
      throw Validation.invalid("the member tags is missing or empty");
    }
    return change(request, arn, added, List.of());
  }

  private CompletionStage<ApiResponse> untag(ApiRequest request) {
    JsonBody body = Json.body(request.body());
    List<String> keys =
        body.list("tagKeys").orElseThrow(() -> Validation.invalid("the member tagKeys is missing"));
    return change(request, inBody(request), Map.of(), keys);
  }

  private CompletionStage<ApiResponse> change(
      ApiRequest request, String arn, Map<String, String> add, List<String> remove) {
    return Operations.done(
        tags.change(request.account(), arn, resource(request.account(), arn), add, remove));
  }

  private CompletionStage<ApiResponse> listTags(ApiRequest request) {
    String arn = inQuery(request);
    resource(request.account(), arn).expect(new Batch());
    ObjectNode answer = Json.object();
    ArrayNode list = answer.putArray("tags");
    tags.of(request.account(), arn)
        .forEach((key, value) -> list.addObject().put("Key", key).put("Value", value));
    return Operations.answer(answer);
  }

  private Tags.Resource resource(Account account, String text) {
    Arn arn;
    try {
      arn = Arn.parse(text);
    } catch (IllegalArgumentException e) {
      throw Validation.invalid("resourceArn: " + e.getMessage());
    }
    int slash = arn.resource().indexOf('/') + 1;
    String kind = arn.resource().substring(0, slash);
    String name = arn.resource().substring(slash);
    if (account.arn("iot", arn.resource()).equals(arn)) {
      if (kind.equals("thingtype/")) {
        return batch -> types.expect(batch, account, name);
      }
      for (Groups all : groups) {
        if (kind.equals(all.kind.arnPrefix)) {
          return batch -> all.expect(batch, account, name);
        }
      }
    }
    throw Validation.invalid(
        "resourceArn '" + text + "' is not of a thing type, thing group or billing group here");
  }
}
