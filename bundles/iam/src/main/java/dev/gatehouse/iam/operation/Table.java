package dev.gatehouse.iam.operation;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.http.ApiOperation;
import dev.gatehouse.api.http.ApiRequest;
import dev.gatehouse.api.http.ApiResponse;
import dev.gatehouse.iam.directory.AccountState;
import dev.gatehouse.iam.directory.Directory;
import dev.gatehouse.iam.directory.Draft;
import dev.gatehouse.iam.directory.Entity;
import dev.gatehouse.iam.directory.Kind;
import dev.gatehouse.iam.service.IamServices;
import dev.gatehouse.json.Json;
import dev.gatehouse.json.Marker;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Function;

/** A table of IAM's operations while it is being made. */
final class Table {
  private static final int PER_SECOND = 20;

  private final Directory directory;
  private final List<ApiOperation> operations = new ArrayList<>();

  Table(Directory directory) {
    this.directory = directory;
  }

  List<ApiOperation> list() {
    return List.copyOf(operations);
  }

  /** One that reads. */
  Table read(
      String name,
      Function<ApiRequest, String> resource,
      BiFunction<Input, AccountState, ObjectNode> handler) {
    return add(
        name,
        resource,
        request -> {
          AccountState state = directory.require(request.account());
          ObjectNode answer = handler.apply(new Input(request), state);
          return CompletableFuture.completedFuture(ApiResponse.json(Json.bytes(answer)));
        });
  }

  /** One that changes something. */
  Table change(
      String name,
      Function<ApiRequest, String> resource,
      BiFunction<Input, Draft, ObjectNode> handler) {
    return add(
        name,
        resource,
        request -> {
          Input input = new Input(request);
          return directory
              .change(request.account(), draft -> handler.apply(input, draft))
              .thenApply(answer -> ApiResponse.json(Json.bytes(answer)));
        });
  }

  private Table add(
      String name,
      Function<ApiRequest, String> resource,
      Function<ApiRequest, CompletionStage<ApiResponse>> handler) {
    operations.add(
        new ApiOperation(
            name,
            IamServices.IAM,
            "POST",
            "/",
            "iam:" + name,
            resource,
            PER_SECOND,
            handler::apply));
    return this;
  }

  /** What the operation that was added last must be allowed on, where that is several resources. */
  Table on(Function<ApiRequest, List<String>> resources) {
    int last = operations.size() - 1;
    operations.set(last, operations.get(last).on(resources));
    return this;
  }

  /** Condition keys of the operation that was added last. */
  Table with(Function<ApiRequest, Map<String, String>> keys) {
    int last = operations.size() - 1;
    operations.set(last, operations.get(last).with(keys));
    return this;
  }

  /**
   * The ARN of the entity that a call names, as the directory spells it: names of any case find the
   * entity, so rights are asked for what is found. An entity that is absent has the path that the
   * call gives, as one that is being made does.
   */
  Function<ApiRequest, String> about(Kind kind) {
    return request -> arn(request, kind, new Input(request).name(kind));
  }

  /** The ARN of the user that a call names, or else of the caller. */
  String userOrCaller(ApiRequest request) {
    return arn(request, Kind.USER, UserOperations.named(new Input(request)));
  }

  private String arn(ApiRequest request, Kind kind, String name) {
    return find(request, kind, name)
        .map(entity -> entity.arn(request.account()))
        .orElseGet(() -> kind.arn(request.account(), new Input(request).path("Path"), name))
        .toString();
  }

  private Optional<Entity> find(ApiRequest request, Kind kind, String name) {
    return directory.find(request.account().id()).flatMap(state -> state.find(kind, name));
  }

  /** The ARN before a change of name or path, and the one after it. */
  Function<ApiRequest, List<String>> beforeAndAfter(Kind kind) {
    return request -> {
      Input input = new Input(request);
      String name = input.name(kind);
      String newName = "New" + kind.title() + "Name";
      Optional<Entity> before = find(request, kind, name);
      String after =
          input.get(newName).isPresent()
              ? input.name(newName, kind.nameLength())
              : before.map(Entity::name).orElse(name);
      String path =
          input.get("NewPath").isPresent()
              ? input.path("NewPath")
              : before.map(Entity::path).orElse("/");
      return List.of(arn(request, kind, name), kind.arn(request.account(), path, after).toString());
    };
  }

  /** What a list is asked for: all of a kind below {@code PathPrefix}. */
  static Function<ApiRequest, String> all(Kind kind) {
    return request ->
        kind.arn(request.account(), request.query("PathPrefix").orElse("/"), "").toString();
  }

  /** One page of a list, by {@code Marker} and {@code MaxItems}. */
  static <T> ObjectNode page(
      Input input,
      String member,
      List<T> all,
      Function<T, String> key,
      BiConsumer<ArrayNode, T> write) {
    int size = input.number("MaxItems", 100, 1, 1000);
    Marker marker = Marker.of(member, input.request());
    String from = marker.decode("Marker", input.get("Marker").orElse(""));
    ObjectNode answer = Json.object();
    ArrayNode list = answer.putArray(member);
    boolean truncated = false;
    for (T one :
        all.stream().sorted(Comparator.comparing(key, String.CASE_INSENSITIVE_ORDER)).toList()) {
      if (key.apply(one).compareToIgnoreCase(from) < 0) {
        continue;
      }
      if (list.size() == size) {
        answer.put("Marker", marker.encode(key.apply(one)));
        truncated = true;
        break;
      }
      write.accept(list, one);
    }
    return answer.put("IsTruncated", truncated);
  }
}
