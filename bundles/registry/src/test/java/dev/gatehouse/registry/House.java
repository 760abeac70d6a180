package dev.gatehouse.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.http.ApiOperation;
import dev.gatehouse.api.http.ApiRequest;
import dev.gatehouse.api.http.ApiResponse;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.json.Json;
import dev.gatehouse.testkit.InMemoryStore;
import dev.gatehouse.testkit.ManualClock;
import dev.gatehouse.testkit.OneRole;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** The registry over a store in memory; certificates 'one' and 'two' exist. */
final class House {
  static final Account ACCOUNT = new Account("123456789012", "us-east-1");
  static final String ONE = "arn:aws:iot:us-east-1:123456789012:cert/one";
  static final String TWO = "arn:aws:iot:us-east-1:123456789012:cert/two";

  /** Reads all things but those whose names begin with x. */
  static final OneRole READER =
      new OneRole(
          "arn:aws:iam::123456789012:role/reader",
          (action, resource) ->
              Set.of("iot:DescribeThing", "iot:ListThingGroupsForThing").contains(action)
                  && resource.startsWith("arn:aws:iot:us-east-1:")
                  && !resource.contains(":thing/x"));

  final InMemoryStore store = new InMemoryStore();
  final ManualClock clock = new ManualClock(Instant.parse("2026-01-01T00:00:00Z"));
  final List<String> cleared = new ArrayList<>(); // of policies
  final Registry registry =
      new Registry(
          store,
          (account, id) -> id.equals("one") || id.equals("two"),
          (account, arn) -> {
            cleared.add(arn);
            return CompletableFuture.completedFuture(null);
          },
          READER,
          clock);

  ApiOperation operation(String name) {
    return registry.operations().stream()
        .filter(operation -> operation.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /** A call of an account; an apostrophe in the body stands for a quotation mark. */
  static ApiRequest request(
      Account account,
      Map<String, String> path,
      Map<String, String> query,
      String principal,
      String body) {
    return new ApiRequest(
        account,
        new Principal.User(account, "anna", "AIDA"),
        path,
        query,
        principal.isEmpty() ? Map.of() : Map.of("x-amzn-principal", principal),
        body.replace('\'', '"').getBytes(StandardCharsets.UTF_8),
        "192.0.2.1",
        "request",
        Instant.EPOCH);
  }

  CompletableFuture<ApiResponse> start(String operation, ApiRequest request) {
    try {
      return operation(operation).handler().handle(request).toCompletableFuture();
    } catch (ServiceException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  ObjectNode call(String operation, ApiRequest request) {
    return Json.body(start(operation, request).join().body()).tree();
  }

  ObjectNode thing(String operation, String name, String body) {
    return call(operation, request(ACCOUNT, Map.of("thingName", name), Map.of(), "", body));
  }

  /** A call that names things, types and groups in its path by one of its members. */
  ObjectNode on(String operation, String member, String name, String body) {
    return call(operation, request(ACCOUNT, Map.of(member, name), Map.of(), "", body));
  }

  ObjectNode type(String operation, String name, String body) {
    return on(operation, "thingTypeName", name, body);
  }

  ObjectNode group(String operation, String name, String body) {
    return on(operation, "thingGroupName", name, body);
  }

  ObjectNode billing(String operation, String name, String body) {
    return on(operation, "billingGroupName", name, body);
  }

  /** A call that is all body. */
  ObjectNode call(String operation, String body) {
    return call(operation, request(ACCOUNT, Map.of(), Map.of(), "", body));
  }

  ServiceException refusedOn(
      String operation, String member, String name, String body, ErrorCode code) {
    return refused(operation, request(ACCOUNT, Map.of(member, name), Map.of(), "", body), code);
  }

  /** The members of that name of a list's entries, or the entries if they are texts. */
  static List<String> names(ObjectNode page, String list, String member) {
    List<String> names = new ArrayList<>();
    page.get(list)
        .forEach(
            entry -> names.add(entry.isTextual() ? entry.asText() : entry.get(member).asText()));
    return names;
  }

  /** All pages of a list, two entries at a time. */
  List<String> pages(
      String operation,
      Map<String, String> path,
      Map<String, String> query,
      String list,
      String member) {
    List<String> all = new ArrayList<>();
    Map<String, String> next = new HashMap<>(query);
    next.put("maxResults", "2");
    ObjectNode page;
    do {
      page = call(operation, request(ACCOUNT, path, next, "", ""));
      assertThat(page.get(list).size()).isBetween(page.has("nextToken") ? 1 : 0, 2);
      all.addAll(names(page, list, member));
      next.put("nextToken", page.path("nextToken").asText());
    } while (page.has("nextToken"));
    return all;
  }

  ObjectNode list(Map<String, String> query) {
    return call("ListThings", request(ACCOUNT, Map.of(), query, "", ""));
  }

  static ApiRequest principal(String thing, String principal) {
    return request(ACCOUNT, Map.of("thingName", thing), Map.of(), principal, "");
  }

  /** The error that a call ends with, thrown or in its stage. */
  ServiceException refused(String operation, ApiRequest request, ErrorCode code) {
    CompletableFuture<ApiResponse> stage = start(operation, request);
    assertThat(stage).isCompletedExceptionally();
    Throwable failure = stage.handle((done, error) -> error).join();
    while (failure instanceof CompletionException && failure.getCause() != null) {
      failure = failure.getCause();
    }
    assertThat(failure).isInstanceOf(ServiceException.class);
    ServiceException error = (ServiceException) failure;
    assertThat(error.code()).isEqualTo(code);
    return error;
  }

  ServiceException refused(String operation, String name, String body, ErrorCode code) {
    return refused(
        operation, request(ACCOUNT, Map.of("thingName", name), Map.of(), "", body), code);
  }
}
