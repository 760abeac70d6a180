package dev.gatehouse.iam;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.identity.Decision;
import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.api.identity.Rights;
import dev.gatehouse.iam.service.IamErrors;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionPoliciesTest {
  private static final String ROLE = "arn:aws:iam::123456789012:role/r";
  private static final String DATA = "arn:aws:iam::aws:policy/AWSIoTDataAccess";
  private static final String TOPIC = "arn:aws:iot:us-east-1:123456789012:topic/";
  private static final String FIRST_ARN = "PolicyArns.member.1.arn";

  @TempDir private Path directory;
  private Booted booted;
  private Principal anna;

  @BeforeEach
  void boot() throws Exception {
    booted = new Booted(directory);
    booted.call("CreateUser", "UserName", "anna");
    anna = booted.principal(Booted.ACCOUNT, "anna");
    String user = "\"AWS\":\"arn:aws:iam::123456789012:user/anna\"";
    booted.call("CreateRole", "RoleName", "r", "AssumeRolePolicyDocument", Booted.trust(user));
    mayDo(
        """
        {"Version":"2012-10-17","Statement":[
         {"Effect":"Allow","Action":["iot:Publish","iot:Connect"],"Resource":"*"},
         {"Effect":"Deny","Action":"iot:Publish","Resource":"arn:aws:iot:us-east-1:123456789012:topic/secret"}]}""");
  }

  private void mayDo(String document) {
    booted.call("PutRolePolicy", "RoleName", "r", "PolicyName", "p", "PolicyDocument", document);
  }

  private JsonNode assume(String... more) {
    return assume(anna, ROLE, more);
  }

  private JsonNode assume(Principal caller, String role, String... more) {
    String[] parameters = new String[more.length + 4];
    System.arraycopy(more, 0, parameters, 4, more.length);
    parameters[0] = "RoleArn";
    parameters[1] = role;
    parameters[2] = "RoleSessionName";
    parameters[3] = "visit";
    return booted.as(caller, "AssumeRole", parameters);
  }

  private Principal signer(JsonNode answer) {
    return booted
        .signer(
            answer.at("/Credentials/AccessKeyId").asText(),
            answer.at("/Credentials/SessionToken").asText())
        .orElseThrow();
  }

  private Rights rights(Principal principal) {
    return booted.iam.rights(principal, Map::of);
  }

  private Decision decide(JsonNode answer, String action, String topic) {
    return rights(signer(answer)).decide(action, TOPIC + topic);
  }

  private String managed(String document) {
    return booted
        .call("CreatePolicy", "PolicyName", "limit", "PolicyDocument", document)
        .at("/Policy/Arn")
        .asText();
  }

  @Test
  void aSessionMayDoWhatItsRoleAndItsPolicyBothAllow() {
    JsonNode answer =
        assume(
            "Policy",
            """
            {"Version":"2012-10-17","Statement":[
             {"Effect":"Allow","Action":["iot:Publish","iot:Subscribe"],"Resource":"*"},
             {"Effect":"Deny","Action":"iot:Publish","Resource":"arn:aws:iot:us-east-1:123456789012:topic/private"}]}""");
    assertThat(decide(answer, "iot:Publish", "a")).isEqualTo(Decision.ALLOWED);
    assertThat(decide(answer, "iot:Connect", "a")).isEqualTo(Decision.IMPLICITLY_DENIED);
    assertThat(decide(answer, "iot:Subscribe", "a")).isEqualTo(Decision.IMPLICITLY_DENIED);
    assertThat(decide(answer, "iot:Publish", "secret")).isEqualTo(Decision.EXPLICITLY_DENIED);
    assertThat(decide(answer, "iot:Publish", "private")).isEqualTo(Decision.EXPLICITLY_DENIED);
    assertThat(answer.path("PackedPolicySize").asInt()).isBetween(1, 30);
  }

  @Test
  void aSessionWithoutPoliciesIsAnotherPrincipalAndNotLimited() {
    JsonNode answer = assume();
    assertThat(answer.has("PackedPolicySize")).isFalse();
    assertThat(decide(answer, "iot:Connect", "a")).isEqualTo(Decision.ALLOWED);
    Principal limited = signer(assume("Policy", Booted.allow("iot:Publish", "*")));
    assertThat(limited).isNotEqualTo(signer(answer));
    assertThat(limited.id()).isEqualTo(signer(answer).id());
  }

  @Test
  void whatAnyOfItsPoliciesAllowsCountsAndManagedOnesAreThoseOfNow() {
    String arn = managed(Booted.allow("iot:Connect", "*"));
    JsonNode answer = assume("Policy", Booted.allow("iot:Publish", TOPIC + "a"), FIRST_ARN, arn);
    assertThat(decide(answer, "iot:Connect", "x")).isEqualTo(Decision.ALLOWED);
    assertThat(decide(answer, "iot:Publish", "a")).isEqualTo(Decision.ALLOWED);
    assertThat(decide(answer, "iot:Publish", "b")).isEqualTo(Decision.IMPLICITLY_DENIED);

    Rights held = rights(signer(answer));
    long before = held.revision();
    booted.call(
        "CreatePolicyVersion",
        "PolicyArn",
        arn,
        "PolicyDocument",
        Booted.statement("Deny", "iot:Publish", "*"),
        "SetAsDefault",
        "true");
    assertThat(held.revision()).isNotEqualTo(before);
    assertThat(held.decide("iot:Connect", TOPIC + "x")).isEqualTo(Decision.IMPLICITLY_DENIED);
    assertThat(held.decide("iot:Publish", TOPIC + "a")).isEqualTo(Decision.EXPLICITLY_DENIED);
  }

  @Test
  void aManagedPolicyThatIsDeletedAllowsNothingAnyMore() {
    String arn = managed(Booted.allow("*", "*"));
    JsonNode answer = assume(FIRST_ARN, arn);
    assertThat(decide(answer, "iot:Publish", "a")).isEqualTo(Decision.ALLOWED);
    booted.call("DeletePolicy", "PolicyArn", arn);
    assertThat(decide(answer, "iot:Publish", "a")).isEqualTo(Decision.IMPLICITLY_DENIED);
  }

  @Test
  void aPolicyOfAwsLimitsASession() {
    mayDo(Booted.allow("*", "*"));
    JsonNode answer = assume(FIRST_ARN, DATA);
    assertThat(decide(answer, "iot:Publish", "a")).isEqualTo(Decision.ALLOWED);
    assertThat(decide(answer, "iot:CreateThing", "a")).isEqualTo(Decision.IMPLICITLY_DENIED);
  }

  @Test
  void itsPoliciesOutliveARestart() throws Exception {
    JsonNode answer = assume("Policy", Booted.allow("iot:Publish", "*"), FIRST_ARN, DATA);
    Principal before = signer(answer);
    booted = new Booted(directory, booted.store, true);
    assertThat(signer(answer)).isEqualTo(before);
    assertThat(decide(answer, "iot:Publish", "a")).isEqualTo(Decision.ALLOWED);
    assertThat(decide(answer, "iot:Connect", "a")).isEqualTo(Decision.ALLOWED);
    assertThat(decide(answer, "iam:CreateUser", "a")).isEqualTo(Decision.IMPLICITLY_DENIED);
  }

  @Test
  void aLimitedSessionTakesARoleOnlyIfItsPoliciesLetIt() {
    mayDo(Booted.allow("sts:AssumeRole", "*"));
    String second = "arn:aws:iam::123456789012:role/second";
    String trust = Booted.trust("\"AWS\":\"" + ROLE + "\"");
    booted.call("CreateRole", "RoleName", "second", "AssumeRolePolicyDocument", trust);
    Principal free = signer(assume());
    Principal limited = signer(assume("Policy", Booted.allow("iot:*", "*")));
    Principal fit = signer(assume("Policy", Booted.allow("sts:AssumeRole", second)));
    assertThat(assume(free, second).has("Credentials")).isTrue();
    assertThat(assume(fit, second).has("Credentials")).isTrue();
    booted.refused(ErrorCode.ACCESS_DENIED, () -> assume(limited, second));
  }

  @Test
  void policiesThatCanNotBeAreRefused() {
    booted.refused(IamErrors.MALFORMED_POLICY_DOCUMENT, () -> assume("Policy", "{}"));
    booted.refused(IamErrors.MALFORMED_POLICY_DOCUMENT, () -> assume("Policy", "publish"));
    String fits = Booted.allow("iot:Publish", "*");
    String blanks = " ".repeat(2048 - fits.length());
    assertThat(assume("Policy", fits + blanks).has("Credentials")).isTrue();
    booted.refused(IamErrors.INVALID_INPUT, () -> assume("Policy", fits + blanks + " "));
    booted.refused(IamErrors.INVALID_INPUT, () -> assume(FIRST_ARN, "limit"));
    booted.refused(IamErrors.INVALID_INPUT, () -> assume(FIRST_ARN, ROLE));
    booted.refused(IamErrors.INVALID_INPUT, () -> assume(FIRST_ARN, DATA + "Not"));
    booted.refused(
        IamErrors.INVALID_INPUT, () -> assume(FIRST_ARN, DATA, FIRST_ARN.replace('1', '2'), DATA));
    booted.refused(IamErrors.INVALID_INPUT, () -> assume(FIRST_ARN.replace('1', '2'), DATA));
    String[] eleven = new String[22];
    for (int i = 0; i < 22; i += 2) {
      eleven[i] = FIRST_ARN.replace("1", Integer.toString(i / 2 + 1));
      eleven[i + 1] = DATA;
    }
    booted.refused(IamErrors.INVALID_INPUT, () -> assume(eleven));
  }

  @Test
  void whatDoesNotFitIntoATokenIsSaidWithItsShareOfTheRoom() {
    StringBuilder resource = new StringBuilder();
    new Random(7)
        .ints(1800, '\u3041', '\u3097')
        .forEach(letter -> resource.append((char) letter)); // three bytes each, and no pattern
    assertThat(
            booted.refused(
                IamErrors.PACKED_POLICY_TOO_LARGE,
                () -> assume("Policy", Booted.allow("iot:Publish", TOPIC + resource))))
        .hasMessageMatching("Packed policy consumes [12]\\d\\d% of allotted space, .*");
    String fits = Booted.allow("iot:Publish", TOPIC + resource.substring(0, 600));
    JsonNode answer = assume("Policy", fits);
    assertThat(answer.path("PackedPolicySize").asInt()).isBetween(30, 99);
    assertThat(decide(answer, "iot:Publish", resource.substring(0, 600)))
        .isEqualTo(Decision.ALLOWED);
  }
}
