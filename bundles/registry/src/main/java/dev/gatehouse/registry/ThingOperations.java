package dev.gatehouse.registry;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.http.ApiHandler;
import dev.gatehouse.api.http.ApiOperation;
import dev.gatehouse.api.http.ApiOperation.Service;
import dev.gatehouse.api.http.ApiRequest;
import dev.gatehouse.api.http.ApiResponse;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.registry.Thing;
import dev.gatehouse.json.Json;
import dev.gatehouse.json.JsonBody;
import dev.gatehouse.json.Marker;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** The API operations on things (guide: Managing Things with the Thing Registry). */
final class ThingOperations {
  private static final int PAGE = 100;

  private final Things things;

  ThingOperations(Things things) {
    this.things = things;
  }

  List<ApiOperation> list() {
    String one = "/things/{thingName}";
    return List.of(
        operation("CreateThing", "POST", one, this::create),
        operation("DescribeThing", "GET", one, this::describe),
        operation("UpdateThing", "PATCH", one, this::update),
        operation("DeleteThing", "DELETE", one, this::delete),
        operation("ListThings", "GET", "/things", this::listThings));
  }

  static ApiOperation operation(String name, String method, String path, ApiHandler handler) {
    return new ApiOperation(
        name,
        Service.IOT,
        method,
        path,
        "iot:" + name,
        request -> {
          String thing = request.pathParameters().get("thingName");
          return thing == null ? "*" : arn(request.account(), thing);
        },
        50,
        handler);
  }

  private static String arn(Account account, String thing) {
    return account.arn("iot", "thing/" + thing).toString();
  }

  static CompletionStage<ApiResponse> answer(ObjectNode node) {
    return CompletableFuture.completedFuture(ApiResponse.json(Json.bytes(node)));
  }

  private CompletionStage<ApiResponse> create(ApiRequest request) {
    Account account = request.account();
    JsonBody body = Json.body(request.body());
    Validation.noType(body);
    Map<String, String> attributes =
        body.object("attributePayload")
            .flatMap(payload -> payload.object("attributes"))
            .map(JsonBody::texts)
            .orElse(Map.of());
    Validation.attributes(attributes);
    Thing thing =
        new Thing(
            Validation.thingName(request.path("thingName")),
            UUID.randomUUID().toString(),
            Optional.empty(),
            attributes,
            1);
    ServiceException exists =
        new ServiceException(
            ErrorCode.RESOURCE_ALREADY_EXISTS,
            "a thing named '" + thing.name() + "' exists already with other attributes",
            Map.of("resourceId", thing.name(), "resourceArn", arn(account, thing.name())),
            null);
    return things
        .create(account, thing, () -> exists)
        .thenApply(done -> thing)
        .exceptionally(failure -> same(account, thing, failure, exists))
        .thenApply(made -> ApiResponse.json(Json.bytes(created(account, made))));
  }

  /** Creating again what is there already has the first answer. */
  private Thing same(Account account, Thing wanted, Throwable failure, ServiceException exists) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (cause == exists) {
      Optional<Thing> there = things.find(account, wanted.name());
      if (there.isPresent() && there.get().attributes().equals(wanted.attributes())) {
        return there.get();
      }
    }
    throw new CompletionException(cause);
  }

  private static ObjectNode created(Account account, Thing thing) {
    return Json.object()
        .put("thingName", thing.name())
        .put("thingArn", arn(account, thing.name()))
        .put("thingId", thing.thingId());
  }

  private CompletionStage<ApiResponse> describe(ApiRequest request) {
    Account account = request.account();
    Thing thing = things.require(account, request.path("thingName"));
    ObjectNode answer = created(account, thing).put("defaultClientId", thing.name());
    attributes(thing, answer);
    return answer(answer.put("version", thing.version()));
  }

  private static void attributes(Thing thing, ObjectNode node) {
    ObjectNode attributes = node.putObject("attributes");
    thing.attributes().forEach(attributes::put);
  }

  private CompletionStage<ApiResponse> update(ApiRequest request) {
    Account account = request.account();
    JsonBody body = Json.body(request.body());
    Validation.noType(body);
    Thing before = things.require(account, request.path("thingName"));
    expect(body.number("expectedVersion"), before);
    Map<String, String> attributes = new HashMap<>();
    Optional<JsonBody> payload = body.object("attributePayload");
    if (payload.isEmpty() || payload.get().flag("merge").orElse(false)) {
      attributes.putAll(before.attributes());
    }
    payload
        .flatMap(given -> given.object("attributes"))
        .ifPresent(given -> attributes.putAll(given.texts()));
    attributes.values().removeIf(String::isEmpty); // an empty value removes the attribute
    Validation.attributes(attributes);
    Thing after =
        new Thing(
            before.name(), before.thingId(), before.typeName(), attributes, before.version() + 1);
    return things.replace(account, before, after).thenApply(done -> ApiResponse.empty());
  }

  private static void expect(Optional<Long> version, Thing thing) {
    if (version.isPresent() && version.get() != thing.version()) {
      throw new ServiceException(
          ErrorCode.VERSION_CONFLICT,
          "thing '" + thing.name() + "' has version " + thing.version() + ", not " + version.get());
    }
  }

  private CompletionStage<ApiResponse> delete(ApiRequest request) {
    Account account = request.account();
    Optional<Thing> thing = things.find(account, request.path("thingName"));
    if (thing.isEmpty()) {
      return CompletableFuture.completedFuture(ApiResponse.empty()); // deleting twice is no error
    }
    expect(request.query("expectedVersion").map(ThingOperations::number), thing.get());
    return things.delete(account, thing.get()).thenApply(done -> ApiResponse.empty());
  }

  private static long number(String text) {
    if (!text.matches("[0-9]{1,18}")) {
      throw Validation.invalid("expectedVersion '" + text + "' is not a number");
    }
    return Long.parseLong(text);
  }

  private CompletionStage<ApiResponse> listThings(ApiRequest request) {
    Account account = request.account();
    if (request.query("thingTypeName").isPresent()) {
      throw new ServiceException(
          ErrorCode.NOT_IMPLEMENTED, "thing types are not served by this gateway yet");
    }
    Optional<String> name = request.query("attributeName");
    Optional<String> value = request.query("attributeValue");
    if (name.isPresent() != value.isPresent()) {
      throw Validation.invalid("attributeName and attributeValue go together");
    }
    int size = request.pageSize("maxResults", PAGE);
    List<String> page =
        things.names(
            account,
            name.map(given -> Map.entry(given, value.orElse(""))),
            token(request),
            size + 1);
    ObjectNode answer = Json.object();
    ArrayNode list = answer.putArray("things");
    for (String found : page.subList(0, Math.min(size, page.size()))) {
      things.find(account, found).ifPresent(thing -> summary(account, thing, list.addObject()));
    }
    next(answer, page, size);
    return answer(answer);
  }

  private static void summary(Account account, Thing thing, ObjectNode node) {
    node.put("thingName", thing.name()).put("thingArn", arn(account, thing.name()));
    attributes(thing, node);
    node.put("version", thing.version());
  }

  static String token(ApiRequest request) {
    return Marker.decode("nextToken", request.query("nextToken").orElse(""));
  }

  static void next(ObjectNode answer, List<String> page, int size) {
    if (page.size() > size) {
      answer.put("nextToken", Marker.encode(page.get(size)));
    }
  }
}
