package dev.gatehouse.registry;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.http.ApiOperation;
import dev.gatehouse.api.http.ApiRequest;
import dev.gatehouse.api.http.ApiResponse;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.identity.Arn;
import dev.gatehouse.api.tag.TaggedResources;
import dev.gatehouse.api.tag.Tags;
import dev.gatehouse.json.Json;
import dev.gatehouse.json.JsonBody;
import dev.gatehouse.json.Marker;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

/** The API operations on tags, of this bundle's resources and of others'. */
final class TagOperations {
  private static final TaggedResources OWN =
      () ->
          Map.of(
              "thingtype/",
              ThingTypes.TYPES,
              GroupKind.THING_GROUP.arnPrefix,
              GroupKind.THING_GROUP.table,
              GroupKind.BILLING_GROUP.arnPrefix,
              GroupKind.BILLING_GROUP.table);

  private final TagRows tags;
  private final List<TaggedResources> domains = new CopyOnWriteArrayList<>(List.of(OWN));

  TagOperations(TagRows tags) {
    this.tags = tags;
  }

  void add(TaggedResources domain) {
    domains.add(domain);
  }

  void remove(TaggedResources domain) {
    domains.remove(domain);
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
    Tags added = Json.body(request.body()).tags();
    if (added.values().isEmpty()) {
      throw Validation.invalid("the member tags is missing or empty");
    }
    TagRows.Resource resource = resource(request.account(), inBody(request));
    return Operations.done(tags.change(request.account(), resource, before -> before.plus(added)));
  }

  private CompletionStage<ApiResponse> untag(ApiRequest request) {
    JsonBody body = Json.body(request.body());
    List<String> keys =
        body.list("tagKeys").orElseThrow(() -> Validation.invalid("the member tagKeys is missing"));
    TagRows.Resource resource = resource(request.account(), inBody(request));
    return Operations.done(tags.change(request.account(), resource, before -> before.minus(keys)));
  }

  private CompletionStage<ApiResponse> listTags(ApiRequest request) {
    TagRows.Resource resource = resource(request.account(), inQuery(request));
    // All are one page, which gives no token.
    Marker.of("tags", request).decode("nextToken", request.query("nextToken").orElse(""));
    ObjectNode answer = Json.object();
    ArrayNode list = answer.putArray("tags");
    tags.list(request.account(), resource)
        .values()
        .forEach((key, value) -> list.addObject().put("Key", key).put("Value", value));
    return Operations.answer(answer);
  }

  private TagRows.Resource resource(Account account, String text) {
    Arn arn;
    try {
      arn = Arn.parse(text);
    } catch (IllegalArgumentException e) {
      throw Validation.invalid("resourceArn: " + e.getMessage());
    }
    if (account.arn("iot", arn.resource()).equals(arn)) {
      int name = arn.resource().indexOf('/') + 1;
      for (TaggedResources domain : domains) {
        String table = domain.tables().get(arn.resource().substring(0, name));
        if (table != null) {
          byte[] key = Rows.key(account, arn.resource().substring(name));
          return new TagRows.Resource(arn, table, key);
        }
      }
    }
    throw Validation.invalid(
        "resourceArn '" + text + "' is not of a resource of this account that can have tags");
  }
}
