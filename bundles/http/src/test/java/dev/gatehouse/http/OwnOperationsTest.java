package dev.gatehouse.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.http.ApiOperation;
import dev.gatehouse.api.http.ApiRequest;
import dev.gatehouse.api.http.ApiResponse;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.api.message.PublishLimits;
import dev.gatehouse.testkit.InMemoryBus;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OwnOperationsTest {
  private static final Account ACCOUNT = new Account("000000000000", "us-east-1");

  private final InMemoryBus bus = new InMemoryBus();
  private PublishLimits limits;
  private final OwnOperations operations = new OwnOperations(bus, "gate:8443", () -> limits);

  private String call(String name, Map<String, String> path, Map<String, String> query) {
    ApiOperation operation =
        operations.operations().stream()
            .filter(one -> one.name().equals(name))
            .findFirst()
            .orElseThrow();
    ApiResponse answer =
        operation
            .handler()
            .handle(
                new ApiRequest(
                    ACCOUNT,
                    new Principal.User(ACCOUNT, "anna", "AIDA"),
                    path,
                    query,
                    Map.of(),
                    new byte[0],
                    "192.0.2.1",
                    "id",
                    Instant.EPOCH))
            .toCompletableFuture()
            .join();
    return new String(answer.body(), StandardCharsets.UTF_8);
  }

  @Test
  void publishObeysTheLimitsOfTheMqttEdge() {
    limits =
        message ->
            message.topic().value().length() > 3
                ? Optional.of("a topic of 4 bytes, at most 3 are taken")
                : Optional.empty();
    assertThatThrownBy(() -> call("Publish", Map.of("topic", "four"), Map.of()))
        .isInstanceOfSatisfying(
            ServiceException.class,
            refused -> assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_REQUEST))
        .hasMessage("a topic of 4 bytes, at most 3 are taken");
    assertThat(bus.published()).isEmpty();
    call("Publish", Map.of("topic", "yes"), Map.of());
    limits = null; // the MQTT edge is not here
    call("Publish", Map.of("topic", "four"), Map.of());
    assertThat(bus.published()).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"iot:Data", "iot:Data-ATS", "iot:CredentialProvider", "iot:Jobs"})
  void eachTypeOfEndpointHasTheOneAddress(String type) {
    assertThat(call("DescribeEndpoint", Map.of(), Map.of("endpointType", type)))
        .isEqualTo("{\"endpointAddress\":\"gate:8443\"}");
  }

  @Test
  void withoutATypeItIsTheDataEndpoint() {
    assertThat(call("DescribeEndpoint", Map.of(), Map.of())).contains("gate:8443");
  }

  @Test
  void anotherTypeIsRefused() {
    assertThatThrownBy(
            () -> call("DescribeEndpoint", Map.of(), Map.of("endpointType", "iot:Nothing")))
        .isInstanceOfSatisfying(
            ServiceException.class,
            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.INVALID_REQUEST))
        .hasMessageContaining("iot:CredentialProvider");
  }

  @ParameterizedTest
  @CsvSource({
    "qos, 2, qos '2' is not 0 or 1",
    "qos, x, qos 'x' is not 0 or 1",
    "messageExpiry, soon, messageExpiry 'soon' is not a number of seconds",
    "retain, maybe, 'retain must be true or false, not ''maybe'''"
  })
  void aParameterThatCanNotBeIsNamed(String name, String value, String message) {
    assertThatThrownBy(() -> call("Publish", Map.of("topic", "a"), Map.of(name, value)))
        .isInstanceOfSatisfying(
            ServiceException.class,
            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.INVALID_REQUEST))
        .hasMessage(message);
  }
}
