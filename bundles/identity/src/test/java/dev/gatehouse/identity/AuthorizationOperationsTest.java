package dev.gatehouse.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuthorizationOperationsTest {
  private static final String OWN =
      """
      {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "iot:Connect", "Resource":
          "arn:aws:iot:us-east-1:123456789012:client/${iot:ClientId}"},
        {"Effect": "Allow", "Action": "iot:Publish", "Resource": "*"}]}""";

  @TempDir private Path directory;
  private Booted booted;
  private String arn;

  @BeforeEach
  void boot() throws Exception {
    booted = new Booted(directory);
    arn = booted.certificate().get("certificateArn").asText();
    booted.policy("own", OWN);
    booted.policy("mute", Booted.statement("Deny", "iot:Publish"));
    booted.attach("own", arn);
  }

  @AfterEach
  void stop() {
    booted.close();
  }

  private ObjectNode body(String type, String... resources) {
    ObjectNode body = new ObjectMapper().createObjectNode().put("principal", arn);
    ObjectNode info = body.putArray("authInfos").addObject().put("actionType", type);
    for (String resource : resources) {
      info.withArray("resources").add("arn:aws:iot:us-east-1:123456789012:" + resource);
    }
    return body;
  }

  private JsonNode tested(ObjectNode body, String... query) {
    JsonNode results = booted.call("TestAuthorization", body.toString(), query).get("authResults");
    assertThat(results).hasSize(1);
    return results.get(0);
  }

  @Test
  void theDecisionComesWithThePoliciesBehindIt() {
    JsonNode allowed = tested(body("PUBLISH", "topic/a", "topic/b"));
    assertThat(allowed.get("authDecision").asText()).isEqualTo("ALLOWED");
    assertThat(allowed.at("/allowed/policies/0/policyName").asText()).isEqualTo("own");
    assertThat(allowed.at("/allowed/policies/0/policyArn").asText())
        .isEqualTo("arn:aws:iot:us-east-1:123456789012:policy/own");
    assertThat(allowed.at("/authInfo/actionType").asText()).isEqualTo("PUBLISH");
    assertThat(allowed.at("/authInfo/resources")).hasSize(2);
    JsonNode implicit = tested(body("SUBSCRIBE", "topicfilter/a"));
    assertThat(implicit.get("authDecision").asText()).isEqualTo("IMPLICIT_DENY");
    assertThat(implicit.at("/allowed/policies")).isEmpty();
  }

  @Test
  void policiesCanBeAddedAndSkippedForTheTest() {
    ObjectNode more = body("PUBLISH", "topic/a");
    more.putArray("policyNamesToAdd").add("mute");
    JsonNode denied = tested(more);
    assertThat(denied.get("authDecision").asText()).isEqualTo("EXPLICIT_DENY");
    assertThat(denied.at("/denied/explicitDeny/policies/0/policyName").asText()).isEqualTo("mute");
    ObjectNode less = body("PUBLISH", "topic/a");
    less.putArray("policyNamesToSkip").add("own");
    assertThat(tested(less).get("authDecision").asText()).isEqualTo("IMPLICIT_DENY");
  }

  @Test
  void whatIsNotKnownIsNamed() {
    JsonNode without = tested(body("CONNECT", "client/lamp"));
    assertThat(without.get("authDecision").asText()).isEqualTo("IMPLICIT_DENY");
    assertThat(without.at("/missingContextValues/0").asText()).isEqualTo("iot:ClientId");
    JsonNode with = tested(body("CONNECT", "client/lamp"), "query.clientId", "lamp");
    assertThat(with.get("authDecision").asText()).isEqualTo("ALLOWED");
    assertThat(with.get("missingContextValues")).isEmpty();
  }

  @Test
  void effectivePoliciesComeWithTheirDocuments() {
    JsonNode list =
        booted.call("GetEffectivePolicies", Booted.body("principal", arn)).get("effectivePolicies");
    assertThat(list).hasSize(1);
    assertThat(list.get(0).get("policyName").asText()).isEqualTo("own");
    assertThat(list.get(0).get("policyDocument").asText()).isEqualTo(OWN);
  }

  @Test
  void badQuestionsAreRefusedByName() {
    assertFails(ErrorCode.INVALID_REQUEST, "TestAuthorization", body("LISTEN", "topic/a"));
    assertFails(ErrorCode.INVALID_REQUEST, "TestAuthorization", body("PUBLISH"));
    ObjectNode none = body("PUBLISH", "topic/a");
    none.remove("authInfos");
    assertFails(ErrorCode.INVALID_REQUEST, "TestAuthorization", none);
    ObjectNode absent = body("PUBLISH", "topic/a");
    absent.putArray("policyNamesToAdd").add("gone");
    assertFails(ErrorCode.RESOURCE_NOT_FOUND, "TestAuthorization", absent);
    ObjectNode stranger = body("PUBLISH", "topic/a").put("principal", arn.replace("1234", "4321"));
    assertFails(ErrorCode.INVALID_REQUEST, "TestAuthorization", stranger);
    assertFails(
        ErrorCode.INVALID_REQUEST, "GetEffectivePolicies", new ObjectMapper().createObjectNode());
  }

  private void assertFails(ErrorCode code, String operation, ObjectNode body) {
    assertThatThrownBy(() -> booted.call(operation, body.toString()))
        .isInstanceOfSatisfying(ServiceException.class, e -> assertThat(e.code()).isEqualTo(code));
  }
}
