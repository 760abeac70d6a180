package dev.gatehouse.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.audit.AuditEvent;
import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.http.ApiHandler;
import dev.gatehouse.api.http.ApiModule;
import dev.gatehouse.api.http.ApiOperation;
import dev.gatehouse.api.http.ApiResponse;
import dev.gatehouse.api.http.AwsProtocol;
import dev.gatehouse.api.http.AwsService;
import dev.gatehouse.api.http.IotServices;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class CallsTest {
  private static final Account ACCOUNT = new Account("123456789012", "us-east-1");

  private record Module(String name, List<ApiOperation> operations) implements ApiModule {}

  private static Calls serving(ApiHandler handler) {
    ApiOperation operation =
        new ApiOperation(
            "ListThings",
            IotServices.IOT,
            "GET",
            "/things",
            "iot:ListThings",
            request -> "*",
            1,
            handler);
    return new Calls(ACCOUNT, List.of(new Module("registry", List.of(operation))));
  }

  private static CompletableFuture<ApiResponse> json(String json) {
    return CompletableFuture.completedFuture(
        ApiResponse.json(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void aCallCarriesWhatItWasGiven() {
    Calls calls =
        serving(
            request ->
                json(
                    "{'account': '%s', 'path': '%s', 'query': '%s', 'body': %s}"
                        .formatted(
                            request.account().id(),
                            request.path("thingName"),
                            request.query("a").orElse("none"),
                            new String(request.body(), StandardCharsets.UTF_8))));
    ObjectNode answer =
        calls
            .call("ListThings")
            .path("thingName", "lamp")
            .query("a", "")
            .body(Json.object().put("b", 1))
            .answer();
    assertThat(CallCommand.lines(answer))
        .containsExactly("account = 123456789012", "path = lamp", "query = none", "body.b = 1");
  }

  @Test
  void aRefusalIsToldWithItsAwsNameThrownOrInTheStage() {
    ServiceException error = new ServiceException(ErrorCode.RESOURCE_NOT_FOUND, "no lamp");
    for (ApiHandler handler :
        List.<ApiHandler>of(
            request -> {
              throw error;
            },
            request -> CompletableFuture.failedFuture(error))) {
      assertThatThrownBy(() -> serving(handler).call("ListThings").answer())
          .hasMessage("ResourceNotFoundException: no lamp");
    }
  }

  @Test
  void anOperationOfAStoppedBundleIsNamed() {
    assertThatThrownBy(() -> new Calls(ACCOUNT, List.of()).call("CreateThing").answer())
        .hasMessageContaining("CreateThing")
        .hasMessageStartingWith("NotImplementedException");
  }

  @Test
  void allPagesAreRead() {
    Calls calls =
        serving(
            request ->
                request.query("nextToken").isPresent()
                    ? json("{'things': ['c']}")
                    : json("{'things': ['a', 'b'], 'nextToken': 'x'}"));
    List<String> names = new ArrayList<>();
    CallCommand.pages(calls.call("ListThings"), "things", name -> names.add(name.asText()));
    assertThat(names).containsExactly("a", "b", "c");
  }

  @Test
  void completionOffersTheFirstPageAndStaysQuietOnAnError() {
    Calls calls = serving(request -> json("{'things': [{'thingName': 'lamp'}]}"));
    assertThat(new ThingNames().names(calls)).containsExactly("lamp");
    assertThat(new ThingNames().names(new Calls(ACCOUNT, List.of()))).isEmpty();
  }

  @Test
  void attributesAreReadAndWritten() {
    assertThat(Json.text(CallCommand.attributes(List.of("a=1", "b=x=y", "c="))))
        .isEqualTo("{\"attributes\":{\"a\":\"1\",\"b\":\"x=y\",\"c\":\"\"}}");
    assertThatThrownBy(() -> CallCommand.attributes(List.of("a")))
        .hasMessage("attribute 'a' is not name=value");
    assertThat(CallCommand.text(Json.object().put("a", "1").put("b", "2"))).isEqualTo("a=1 b=2");
  }

  @Test
  void whatNoOperationDoesLeavesARecordToo() {
    List<AuditEvent> trail = new ArrayList<>();
    Calls calls = new Calls(ACCOUNT, List.of(), trail::add);
    ObjectNode account = Json.object().put("accountId", "210987654321");
    String source = "organizations.amazonaws.com";
    assertThat(
            calls.recorded(
                source, "CreateAccount", account, () -> CompletableFuture.completedFuture("made")))
        .isEqualTo("made");
    ServiceException there =
        new ServiceException(
            new ErrorCode("EntityAlreadyExists", 409, ErrorCode.Fault.CLIENT), "it exists");
    assertThatThrownBy(
            () ->
                calls.recorded(
                    source, "CreateAccount", account, () -> CompletableFuture.failedFuture(there)))
        .hasMessage("EntityAlreadyExists: it exists");
    assertThat(trail).extracting("eventSource").containsOnly(source);
    assertThat(trail).extracting("errorCode").containsExactly(null, "EntityAlreadyExists");
    assertThat(new String(trail.get(0).requestParameters(), StandardCharsets.UTF_8))
        .isEqualTo("{\"accountId\":\"210987654321\"}");
  }

  @Test
  void aCallAndARefusalLeaveRecords() {
    java.util.List<dev.gatehouse.api.audit.AuditEvent> trail = new java.util.ArrayList<>();
    ApiOperation operation =
        new ApiOperation(
            "CreateUser",
            AwsService.of("iam", AwsProtocol.QUERY),
            "POST",
            "/",
            "iam:CreateUser",
            request -> "*",
            1,
            request -> {
              if (request.query("UserName").isEmpty()) {
                throw new ServiceException(
                    new ErrorCode("InvalidInput", 400, ErrorCode.Fault.CLIENT),
                    "UserName is missing");
              }
              return CompletableFuture.completedFuture(ApiResponse.empty());
            });
    Calls calls = new Calls(ACCOUNT, List.of(new Module("iam", List.of(operation))), trail::add);
    calls.call("CreateUser").query("UserName", "anna").answer();
    assertThatThrownBy(() -> calls.call("CreateUser").answer()).hasMessageContaining("missing");
    assertThat(trail).extracting("eventName").containsExactly("CreateUser", "CreateUser");
    assertThat(trail).extracting("errorCode").containsExactly(null, "InvalidInput");
    assertThat(
            new String(trail.get(0).requestParameters(), java.nio.charset.StandardCharsets.UTF_8))
        .isEqualTo("{\"UserName\":\"anna\"}");
    assertThat(trail.get(0).sourceIp()).isEqualTo("console");
    assertThatThrownBy(() -> calls.call("CreateUser").of("sts").answer())
        .hasMessageContaining("nobody serves");
  }
}
