package dev.gatehouse.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.api.audit.AuditEvent;
import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.http.ApiRequest;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.json.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditLogTest {
  private static final Account ACCOUNT = new Account("123456789012", "us-east-1");
  private static final Account OTHER = new Account("210987654321", "us-east-1");

  @TempDir private Path directory;

  private AuditLog open(long fileBytes) throws Exception {
    return new AuditLog(new AuditSettings(directory, fileBytes, 3));
  }

  private static AuditEvent event(
      Principal principal, String name, String parameters, @Nullable String error) {
    return new AuditEvent(
        "iot.amazonaws.com",
        name,
        name.startsWith("Describe") || name.startsWith("List") || name.startsWith("Get"),
        principal,
        "AKIAX",
        principal instanceof Principal.RoleSession ? Instant.parse("2027-03-01T11:00:00Z") : null,
        Instant.parse("2027-03-01T12:00:00.5Z"),
        "request-1",
        parameters.replace('\'', '"').getBytes(StandardCharsets.UTF_8),
        "192.0.2.1",
        "aws-cli/2",
        error,
        error == null ? null : "it was wrong");
  }

  private static Principal user(Account account) {
    return new Principal.User(account, "anna", "AIDAANNA");
  }

  private static JsonNode lookUp(AuditLog log, String body) throws Exception {
    ApiRequest request =
        new ApiRequest(
            ACCOUNT,
            user(ACCOUNT),
            Map.of(),
            Map.of(),
            Map.of(),
            body.replace('\'', '"').getBytes(StandardCharsets.UTF_8),
            "",
            "",
            Instant.EPOCH);
    return Json.parse(
        log.operations().get(0).handler().handle(request).toCompletableFuture().join().body());
  }

  private List<JsonNode> lines() throws Exception {
    List<JsonNode> lines = new ArrayList<>();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.sorted().toList()) {
        for (String line : Files.readAllLines(file)) {
          lines.add(Json.parse(line.getBytes(StandardCharsets.UTF_8)));
        }
      }
    }
    return lines;
  }

  @Test
  void aRecordHasTheMembersOfTheGuidesExample() throws Exception {
    AuditLog log = open(100_000);
    log.record(
        event(
            user(ACCOUNT),
            "AttachPrincipalPolicy",
            "{'principal':'arn','policyName':'ExamplePolicyForIoT'}",
            null));
    log.deactivate();
    JsonNode record = lines().get(0);
    assertThat(record.get("timestamp").asText()).isEqualTo("1803902400");
    assertThat(record.get("EventTime").asText()).isEqualTo("2027-03-01T12:00:00Z");
    assertThat(record.get("EventName").asText()).isEqualTo("AttachPrincipalPolicy");
    assertThat(record.at("/RequestParameters/policyName").asText())
        .isEqualTo("ExamplePolicyForIoT");
    assertThat(record.get("SourceIpAddress").asText()).isEqualTo("192.0.2.1");
    assertThat(record.get("UserAgent").asText()).isEqualTo("aws-cli/2");
    assertThat(record.at("/UserIdentity/arn").asText())
        .isEqualTo("arn:aws:iam::123456789012:user/anna");
    for (String name :
        List.of(
            "AdditionalEventData",
            "Annotation",
            "ApiVersion",
            "ErrorCode",
            "ErrorMessage",
            "EventID",
            "EventType",
            "ReadOnly",
            "RequestID",
            "Resources",
            "ResponseElements",
            "VpcEndpointId")) {
      assertThat(record.has(name)).as(name).isTrue();
    }
  }

  @Test
  void aRoleSessionIsShownWithItsIssuer() throws Exception {
    AuditLog log = open(100_000);
    log.record(
        event(new Principal.RoleSession(ACCOUNT, "r", "AROAR", "visit"), "CreateThing", "{}", "E"));
    log.deactivate();
    JsonNode record = lines().get(0);
    assertThat(record.at("/UserIdentity/type").asText()).isEqualTo("AssumedRole");
    assertThat(record.at("/UserIdentity/sessionIssuer/userName").asText()).isEqualTo("r");
    assertThat(record.at("/UserIdentity/sessionContext/attributes"))
        .isEqualTo(
            Json.object()
                .put("mfaAuthenticated", "false")
                .put("creationDate", "Mon Mar 01 11:00:00 UTC 2027"));
    assertThat(record.at("/invokedBy/serviceAccountId").asText()).isEqualTo(ACCOUNT.id());
    assertThat(record.get("ErrorCode").asText()).isEqualTo("E");
    assertThat(record.get("ErrorMessage").asText()).isEqualTo("it was wrong");
  }

  @Test
  void longParametersAndTextsAreCutBeforeTheyWait() {
    String megabyte = "x".repeat(1 << 20);
    AuditEvent bounded =
        Waiting.bounded(
            new AuditEvent(
                "iot.amazonaws.com",
                "CreatePolicy",
                false,
                user(ACCOUNT),
                null,
                null,
                Instant.EPOCH,
                "",
                ("[\"" + megabyte + "\"]").getBytes(StandardCharsets.UTF_8),
                "192.0.2.1",
                megabyte,
                "InvalidRequestException",
                "policyName '" + megabyte + "' is too long"));
    assertThat(new String(bounded.requestParameters(), StandardCharsets.UTF_8))
        .isEqualTo("{\"omitted\":\"1048580 bytes of parameters\"}");
    assertThat(bounded.userAgent()).hasSize(1_001);
    assertThat(bounded.errorMessage()).hasSize(1_001).startsWith("policyName 'xxx");
  }

  @Test
  void whatIsSecretIsLeftOutHoweverDeep() throws Exception {
    AuditLog log = open(100_000);
    log.record(
        event(
            user(ACCOUNT),
            "X",
            "{'a':[{'secretAccessKey':'s3cret'}],'b':{'Password':'s3cret'},'nextToken':'kept'}",
            null));
    log.record(event(user(ACCOUNT), "Y", "{'long':'" + "x".repeat(9000) + "'}", null));
    log.deactivate();
    assertThat(lines().toString()).doesNotContain("s3cret").contains("kept").doesNotContain("xxx");
  }

  @Test
  void filesAreBoundedAndTheOldestGoesFirst() throws Exception {
    AuditLog log = open(2_000);
    for (int i = 0; i < 50; i++) {
      log.record(event(user(ACCOUNT), "Create" + i, "{}", null));
    }
    log.deactivate();
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files).hasSize(3);
    }
    List<JsonNode> lines = lines();
    assertThat(lines.get(lines.size() - 1).get("EventName").asText()).isEqualTo("Create49");
    assertThat(lines.size()).isLessThan(20);
  }

  @Test
  void aTornLineIsPassedOverAndTheNextRecordIsWhole() throws Exception {
    AuditLog log = open(100_000);
    log.record(event(user(ACCOUNT), "Create1", "{}", null));
    log.deactivate();
    Files.writeString(
        directory.resolve("audit-0000000001.jsonl"), "{\"EventName", StandardOpenOption.APPEND);
    log = open(100_000);
    log.record(event(user(ACCOUNT), "Create2", "{}", null));
    log.deactivate();
    AuditLog again = open(100_000);
    assertThat(lookUp(again, "{}").get("Events").findValuesAsText("EventName"))
        .containsExactly("Create2", "Create1");
    again.deactivate();
  }

  @Test
  void eventsAreLookedUpByPageAttributeAndAccount() throws Exception {
    AuditLog log = open(100_000);
    for (int i = 0; i < 3; i++) {
      log.record(event(user(ACCOUNT), "Create" + i, "{}", null));
    }
    log.record(event(user(OTHER), "Secret", "{}", null));
    log.record(event(user(ACCOUNT), "ListThings", "{}", null));
    log.deactivate();
    AuditLog again = open(100_000);
    JsonNode page = lookUp(again, "{'MaxResults':3}");
    assertThat(page.get("Events").findValuesAsText("EventName"))
        .containsExactly("ListThings", "Create2", "Create1");
    assertThat(
            lookUp(again, "{'NextToken':'" + page.get("NextToken").asText() + "'}")
                .get("Events")
                .findValuesAsText("EventName"))
        .containsExactly("Create0");
    JsonNode reads =
        lookUp(again, "{'LookupAttributes':[{'AttributeKey':'ReadOnly','AttributeValue':'true'}]}")
            .get("Events");
    assertThat(reads).hasSize(1);
    assertThat(reads.get(0).get("Username").asText()).isEqualTo("anna");
    assertThat(
            Json.parse(
                    reads.get(0).get("CloudTrailEvent").asText().getBytes(StandardCharsets.UTF_8))
                .get("eventName")
                .asText())
        .isEqualTo("ListThings");
    assertThat(lookUp(again, "{'StartTime':1803902401}").get("Events")).isEmpty();
    assertRefused(
        again,
        "{'LookupAttributes':[{'AttributeKey':'Shoe','AttributeValue':'42'}]}",
        AuditErrors.INVALID_LOOKUP_ATTRIBUTES);
    assertRefused(again, "{'MaxResults':51}", AuditErrors.INVALID_MAX_RESULTS);
    assertRefused(again, "{'NextToken':'x'}", AuditErrors.INVALID_NEXT_TOKEN);
    String token = lookUp(again, "{'MaxResults':1}").get("NextToken").asText();
    assertThat(lookUp(again, "{'MaxResults':1,'NextToken':'" + token + "'}").get("Events"))
        .hasSize(1);
    assertRefused(
        again, "{'NextToken':'" + token + "','StartTime':1}", AuditErrors.INVALID_NEXT_TOKEN);
    assertRefused(again, "{'StartTime':2,'EndTime':1}", AuditErrors.INVALID_TIME_RANGE);
    again.deactivate();
  }

  @Test
  void recordsThatComeBetweenTwoPagesMoveNothing() throws Exception {
    AuditLog log = open(2_000); // a few records a file
    for (int i = 0; i < 10; i++) {
      log.record(event(user(ACCOUNT), "Create" + i, "{}", null));
    }
    log.deactivate();
    List<String> names = new ArrayList<>();
    String token = "";
    for (int later = 0; later < 3; later++) {
      AuditLog again = open(2_000);
      JsonNode page = lookUp(again, "{'MaxResults':2" + token + "}");
      names.addAll(page.get("Events").findValuesAsText("EventName"));
      token = ",'NextToken':'" + page.get("NextToken").asText() + "'";
      again.record(event(user(ACCOUNT), "Later" + later, "{}", null));
      again.deactivate();
    }
    assertThat(names)
        .containsExactly("Create9", "Create8", "Create7", "Create6", "Create5", "Create4");
  }

  private static void assertRefused(AuditLog log, String body, ErrorCode code) {
    assertThatThrownBy(() -> lookUp(log, body))
        .isInstanceOfSatisfying(ServiceException.class, e -> assertThat(e.code()).isEqualTo(code));
  }
}
