package dev.gatehouse.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.http.ApiHandler;
import dev.gatehouse.api.http.ApiOperation;
import dev.gatehouse.api.http.ApiRequest;
import dev.gatehouse.api.http.ApiResponse;
import dev.gatehouse.api.http.IotServices;
import dev.gatehouse.json.Json;
import dev.gatehouse.json.Marker;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** What the registry's operations share: how they are declared, and how lists are paged. */
final class Operations {
  private static final int PAGE = 100;

  /** Of the ARN that a path parameter stands for. */
  private static final Map<String, String> RESOURCES =
      Map.of(
          "thingName", "thing/",
          "thingTypeName", "thingtype/",
          "thingGroupName", "thinggroup/",
          "billingGroupName", "billinggroup/");

  private static final int LARGE_AT_ONCE = 50;
  private static final long LARGE_PAGE_BYTES = 1 << 20;

  private Operations() {}

  /** An operation on what its path names, or on everything. */
  static ApiOperation of(
      String name, String method, String path, int perSecond, ApiHandler handler) {
    return of(name, method, path, perSecond, Operations::resource, handler);
  }

  static ApiOperation of(
      String name,
      String method,
      String path,
      int perSecond,
      Function<ApiRequest, String> resource,
      ApiHandler handler) {
    return new ApiOperation(
        name, IotServices.IOT, method, path, "iot:" + name, resource, perSecond, handler);
  }

  private static String resource(ApiRequest request) {
    for (Map.Entry<String, String> kind : RESOURCES.entrySet()) {
      String name = request.pathParameters().get(kind.getKey());
      if (name != null) {
        return request.account().arn("iot", kind.getValue() + name).toString();
      }
    }
    return "*";
  }

  static CompletionStage<ApiResponse> answer(ObjectNode node) {
    return CompletableFuture.completedFuture(ApiResponse.json(Json.bytes(node)));
  }

  /** The answer of a change that has none. */
  static CompletionStage<ApiResponse> done(CompletionStage<?> change) {
    return change.thenApply(ignored -> ApiResponse.empty());
  }

  /** {@code expectedVersion} of the query. */
  static Optional<Long> expectedVersion(ApiRequest request) {
    return request
        .query("expectedVersion")
        .map(
            text -> {
              if (!text.matches("[0-9]{1,18}")) {
                throw Validation.invalid("expectedVersion '" + text + "' is not a number");
              }
              return Long.parseLong(text);
            });
  }

  /** One page of a list. */
  interface Source<T> {
    /** Up to {@code limit} entries from one on, in order. */
    List<T> page(String from, int limit);
  }

  /** Answers with a page of entries that are their own continuation; {@code write} adds one. */
  static CompletionStage<ApiResponse> list(
      ApiRequest request,
      String member,
      Source<String> source,
      BiConsumer<String, ArrayNode> write) {
    return list(request, member, source, Function.identity(), write);
  }

  /**
   * Answers with a page.
   *
   * @param continuation what a page that begins with an entry is asked for by
   * @param write adds one entry
   */
  static <T> CompletionStage<ApiResponse> list(
      ApiRequest request,
      String member,
      Source<T> source,
      Function<T, String> continuation,
      BiConsumer<T, ArrayNode> write) {
    int size = request.pageSize("maxResults", PAGE);
    Marker marker = Marker.of(member, request);
    String from = marker.decode("nextToken", request.query("nextToken").orElse(""));
    List<T> page = source.page(from, size + 1);
    ObjectNode answer = Json.object();
    ArrayNode list = answer.putArray(member);
    page.stream().limit(size).forEach(entry -> write.accept(entry, list));
    if (page.size() > size) {
      answer.put("nextToken", marker.encode(continuation.apply(page.get(size))));
    }
    return answer(answer);
  }

  /**
   * The same of entries that may be large, a few at a time: a page that has a megabyte ends, and is
   * continued like any other.
   */
  static <T> CompletionStage<ApiResponse> listLarge(
      ApiRequest request,
      String member,
      Source<T> source,
      Function<T, String> continuation,
      BiConsumer<T, ArrayNode> write) {
    int size = request.pageSize("maxResults", PAGE);
    Marker marker = Marker.of(member, request);
    String from = marker.decode("nextToken", request.query("nextToken").orElse(""));
    ObjectNode answer = Json.object();
    ArrayNode list = answer.putArray(member);
    long bytes = 0;
    boolean more = true;
    while (more && list.size() < size && bytes < LARGE_PAGE_BYTES) {
      int wanted = Math.min(LARGE_AT_ONCE, size - list.size());
      List<T> entries = source.page(from, wanted + 1);
      for (T entry : entries.subList(0, Math.min(wanted, entries.size()))) {
        write.accept(entry, list);
        bytes += bytes(list.get(list.size() - 1));
      }
      more = entries.size() > wanted;
      from = more ? continuation.apply(entries.get(wanted)) : "";
    }
    if (more) {
      answer.put("nextToken", marker.encode(from));
    }
    return answer(answer);
  }

  private static long bytes(JsonNode node) {
    long bytes = node.isTextual() ? node.textValue().length() : 8;
    for (Map.Entry<String, JsonNode> part : node.properties()) {
      bytes += part.getKey().length() + bytes(part.getValue());
    }
    return bytes;
  }

  /** The last part of a key. */
  static String last(String entry) {
    return entry.substring(entry.lastIndexOf('\0') + 1);
  }
}
