package dev.gatehouse.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.http.ApiOperation;
import dev.gatehouse.api.http.ApiRequest;
import dev.gatehouse.api.http.ApiResponse;
import dev.gatehouse.api.http.IotServices;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.identity.Decision;
import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.api.identity.Rights;
import dev.gatehouse.api.message.PublishLimits;
import dev.gatehouse.testkit.InMemoryBus;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OwnOperationsTest {
  private static final Account ACCOUNT = new Account("000000000000", "us-east-1");

  private final InMemoryBus bus = new InMemoryBus();
  private PublishLimits limits;
  private final Set<String> denied = new HashSet<>();
  private final OwnOperations operations =
      new OwnOperations(
          bus, (principal, variables) -> new AllBut(denied), "gate:8443", () -> limits);

  /** Everything but some actions. */
  private record AllBut(Set<String> denied) implements Rights {
    @Override
    public Decision decide(String action, String resource) {
      return denied.contains(action + " " + resource)
          ? Decision.IMPLICITLY_DENIED
          : Decision.ALLOWED;
    }

    @Override
    public long revision() {
      return 0;
    }
  }

  @Test
  void aRetainedMessageNeedsARightMore() {
    denied.add("iot:RetainPublish arn:aws:iot:us-east-1:" + ACCOUNT.id() + ":topic/a/b");
    assertThatThrownBy(() -> call("Publish", Map.of("topic", "a/b"), Map.of("retain", "true")))
        .isInstanceOfSatisfying(
            ServiceException.class,
            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.FORBIDDEN));
    assertThat(call("Publish", Map.of("topic", "a/b"), Map.of("retain", "false"))).contains("OK");
    assertThat(call("Publish", Map.of("topic", "a/c"), Map.of("retain", "true"))).contains("OK");
  }

  @Test
  void aPathIsAuthorisedAsTheTopicThatItPublishesTo() {
    Router router = new Router(List.of(operations));
    String[] pieces = {
      "a", "B", "/", "%2F", "%2f", "%41", "%61", "+", "%2B", "#", "%23", "%20", ".", "..", "%2E",
      "%25", "%2561", "*", "?", "%3F", ";", "$aws", "%00", "\u00e4", "%C3%A4"
    };
    Random random = new Random(1);
    int published = 0;
    for (int i = 0; i < 5_000; i++) {
      StringBuilder path = new StringBuilder("/topics/");
      for (int n = 1 + random.nextInt(6); n > 0; n--) {
        path.append(pieces[random.nextInt(pieces.length)]);
      }
      published += publishedAsAuthorised(router, path.toString());
    }
    assertThat(published).isGreaterThan(1_000);
  }

  private int publishedAsAuthorised(Router router, String path) {
    int before = bus.published().size();
    String asked;
    try {
      Router.Match match = router.byPath(IotServices.IOT_DATA, "POST", path, "");
      ApiRequest request = request(match.parameters(), Map.of());
      asked = match.operation().resources().apply(request).get(0);
      match.operation().handler().handle(request).toCompletableFuture().join();
    } catch (ServiceException e) {
      assertThat(bus.published()).hasSize(before);
      return 0;
    }
    assertThat(bus.published()).hasSize(before + 1);
    assertThat(asked)
        .isEqualTo(ACCOUNT.arn("iot", "topic/" + bus.published().get(before).topic()).toString());
    return 1;
  }

  private String call(String name, Map<String, String> path, Map<String, String> query) {
    ApiOperation operation =
        operations.operations().stream()
            .filter(one -> one.name().equals(name))
            .findFirst()
            .orElseThrow();
    ApiResponse answer =
        operation.handler().handle(request(path, query)).toCompletableFuture().join();
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

  private static ApiRequest request(Map<String, String> path, Map<String, String> query) {
    return new ApiRequest(
        ACCOUNT,
        new Principal.User(ACCOUNT, "anna", "AIDA"),
        path,
        query,
        Map.of(),
        new byte[0],
        "192.0.2.1",
        "id",
        Instant.EPOCH);
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
