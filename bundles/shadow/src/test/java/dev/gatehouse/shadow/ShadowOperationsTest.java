package dev.gatehouse.shadow;

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
import java.util.Map;
import org.junit.jupiter.api.Test;

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
        ErrorCode.CONFLICT);
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
  void everyOperationIsAuthorisedOnItsThing() {
    assertThat(house.shadows.operations())
        .hasSize(3)
        .allMatch(
            operation ->
                operation
                    .resource()
                    .apply(request("bulb", Map.of(), ""))
                    .equals("arn:aws:iot:us-east-1:123456789012:thing/bulb"));
  }
}
