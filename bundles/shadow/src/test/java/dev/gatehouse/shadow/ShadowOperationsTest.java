package dev.gatehouse.shadow;

import static dev.gatehouse.shadow.Fixtures.json;
import static dev.gatehouse.shadow.House.ACCOUNT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.http.ApiOperation;
import dev.gatehouse.api.http.ApiRequest;
import dev.gatehouse.api.identity.Principal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

final class ShadowOperationsTest {
  private final House house = new House();

  private ApiOperation operation(String name) {
    return house.shadows.operations().stream()
        .filter(operation -> operation.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static ApiRequest request(String thing, Map<String, String> query, String body) {
    return new ApiRequest(
        ACCOUNT,
        new Principal.User(ACCOUNT, "anna", "AIDA"),
        Map.of("thingName", thing),
        query,
        Map.of(),
        body.replace('\'', '"').getBytes(StandardCharsets.UTF_8),
        "192.0.2.1",
        "request",
        Instant.EPOCH);
  }

  private ObjectNode call(String name, ApiRequest request) {
    return Fixtures.tree(
        operation(name).handler().handle(request).toCompletableFuture().join().body());
  }

  private void refused(String name, ApiRequest request, ErrorCode code) {
    assertThatThrownBy(() -> call(name, request))
        .satisfies(
            failure -> {
              Throwable cause = failure.getCause() == null ? failure : failure.getCause();
              assertThat(cause)
                  .isInstanceOfSatisfying(
                      ServiceException.class, e -> assertThat(e.code()).isEqualTo(code));
            });
  }

  @Test
  void anUpdateOverHttpIsToldOverMqttToo() {
    String body = "{'state': {'desired': {'a': 1}}}";
    assertThat(call("UpdateThingShadow", request("bulb", Map.of(), body)).get("version").asLong())
        .isEqualTo(1);
    assertThat(house.told("update/accepted")).hasSize(1);
    assertThat(house.told("update/delta")).hasSize(1);
    assertThat(call("GetThingShadow", request("bulb", Map.of(), "")).at("/state/desired/a").asInt())
        .isEqualTo(1);
    call("DeleteThingShadow", request("bulb", Map.of(), ""));
    assertThat(house.told("delete/accepted")).hasSize(1);
    refused("GetThingShadow", request("bulb", Map.of(), ""), ErrorCode.RESOURCE_NOT_FOUND);
  }

  @Test
  void aRefusalOverHttpIsAnAwsErrorAndNotToldOverMqtt() {
    refused("UpdateThingShadow", request("bulb", Map.of(), "{}"), ErrorCode.INVALID_REQUEST);
    refused(
        "UpdateThingShadow",
        request("bulb", Map.of(), "{'state': {}, 'version': 4}"),
        ShadowErrors.CONFLICT);
    refused(
        "UpdateThingShadow",
        request("bulb", Map.of(), "{'state': {'desired': {'a': '" + "x".repeat(9_000) + "'}}}"),
        ErrorCode.REQUEST_ENTITY_TOO_LARGE);
    assertThat(house.bus.published()).isEmpty();
  }

  @Test
  void namesThatCanNotBeAreRefused() {
    refused("GetThingShadow", request("b/lb", Map.of(), ""), ErrorCode.INVALID_REQUEST);
    refused(
        "GetThingShadow", request("bulb", Map.of("name", "a b"), ""), ErrorCode.INVALID_REQUEST);
  }

  @Test
  void aNamedShadowIsReachedByTheQuery() {
    String body = "{'state': {'desired': {'a': 1}}}";
    call("UpdateThingShadow", request("bulb", Map.of("name", "config"), body));
    refused("GetThingShadow", request("bulb", Map.of(), ""), ErrorCode.RESOURCE_NOT_FOUND);
    assertThat(call("GetThingShadow", request("bulb", Map.of("name", "config"), "")).has("state"))
        .isTrue();
  }

  @Test
  void everyOperationIsAuthorisedOnItsThingAndANamedShadowOnItself() {
    for (String name : List.of("GetThingShadow", "UpdateThingShadow", "DeleteThingShadow")) {
      ApiOperation operation = operation(name);
      assertThat(operation.action()).isEqualTo("iot:" + name);
      assertThat(operation.resources().apply(request("bulb", Map.of(), "")))
          .containsExactly("arn:aws:iot:us-east-1:123456789012:thing/bulb");
      assertThat(operation.resources().apply(request("bulb", Map.of("name", "config"), "")))
          .containsExactly("arn:aws:iot:us-east-1:123456789012:thing/bulb/config");
    }
    assertThat(operation("ListNamedShadowsForThing").resources().apply(request("b", Map.of(), "")))
        .containsExactly("arn:aws:iot:us-east-1:123456789012:thing/b");
  }

  @Test
  void anEmptyShadowNameIsNotTheClassicShadow() {
    for (String name : List.of("GetThingShadow", "UpdateThingShadow", "DeleteThingShadow")) {
      ApiRequest request = request("bulb", Map.of("name", ""), "{'state': {}}");
      refused(name, request, ErrorCode.INVALID_REQUEST);
      assertThatThrownBy(() -> operation(name).resources().apply(request))
          .hasMessageContaining("name is empty");
    }
  }

  @Test
  void namedShadowsAreListedInPages() {
    for (String name : List.of("c", "a", "b")) {
      call("UpdateThingShadow", request("bulb", Map.of("name", name), "{'state': {}}"));
    }
    ObjectNode first =
        call("ListNamedShadowsForThing", request("bulb", Map.of("pageSize", "2"), ""));
    assertThat(first.get("results")).isEqualTo(json("{'r': ['a', 'b']}").get("r"));
    assertThat(first.get("timestamp").asLong()).isEqualTo(1_000);
    Map<String, String> next =
        Map.of("pageSize", "2", "nextToken", first.get("nextToken").asText());
    ObjectNode second = call("ListNamedShadowsForThing", request("bulb", next, ""));
    assertThat(second).isEqualTo(json("{'results': ['c'], 'timestamp': 1000}"));
  }

  @Test
  void aListIsRefusedWithAPageOrNameThatCanNotBe() {
    String list = "ListNamedShadowsForThing";
    ErrorCode invalid = ErrorCode.INVALID_REQUEST;
    refused(list, request("bulb", Map.of("pageSize", "0"), ""), invalid);
    refused(list, request("bulb", Map.of("pageSize", "101"), ""), invalid);
    refused(list, request("bulb", Map.of("nextToken", "?"), ""), invalid);
    refused(list, request("bulb", Map.of("nextToken", "AAAA"), ""), invalid);
    refused(list, request("b lb", Map.of(), ""), invalid);
  }

  @TestFactory
  Stream<DynamicTest> theGuidesErrorsHaveTheirStatus() {
    return Fixtures.list("refused.json")
        .map(
            given ->
                DynamicTest.dynamicTest(
                    "'" + given.get("request").asText() + "'",
                    () ->
                        assertThatThrownBy(
                                () ->
                                    call(
                                        "UpdateThingShadow",
                                        request("bulb", Map.of(), given.get("request").asText())))
                            .rootCause()
                            .isInstanceOfSatisfying(
                                ServiceException.class,
                                e -> {
                                  assertThat(e.code().httpStatus())
                                      .isEqualTo(given.get("code").asInt());
                                  assertThat(e).hasMessage(given.get("text").asText());
                                })));
  }
}
