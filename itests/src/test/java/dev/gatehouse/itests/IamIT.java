package dev.gatehouse.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Users, roles, sessions, accounts and identities by the AWS CLI, on the real distribution. */
class IamIT {
  private static final String SECOND = "210987654321";
  @TempDir static Path directory;
  private static Gateway gateway;
  private static Map<String, String> second;

  @BeforeAll
  static void up() {
    gateway = new Gateway(directory.resolve("home")).up();
    second = credentials(gateway.shell("gatehouse:account-create " + SECOND + " upstairs").ok());
  }

  @AfterAll
  static void down() {
    gateway.close();
  }

  /** Lines of the form NAME=value. */
  private static Map<String, String> credentials(String text) {
    Map<String, String> found = new HashMap<>();
    text.lines()
        .filter(line -> line.startsWith("AWS_"))
        .map(line -> line.strip().split("=", 2))
        .forEach(pair -> found.put(pair[0], pair[1]));
    assertThat(found).containsKeys("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY");
    return found;
  }

  private static Map<String, String> credentials(JsonNode json, String secretName) {
    Map<String, String> found = new HashMap<>();
    found.put("AWS_ACCESS_KEY_ID", json.get("AccessKeyId").asText());
    found.put("AWS_SECRET_ACCESS_KEY", json.get(secretName).asText());
    if (json.has("SessionToken")) {
      found.put("AWS_SESSION_TOKEN", json.get("SessionToken").asText());
    }
    return found;
  }

  /** A call with others' credentials. */
  private static Gateway.Result as(Map<String, String> credentials, String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "/usr/bin/aws",
                "--endpoint-url",
                "https://localhost:" + gateway.setting("GATEHOUSE_HTTPS_PORT"),
                "--output",
                "json"));
    command.addAll(List.of(arguments));
    Map<String, String> environment = gateway.environment();
    environment.putAll(credentials);
    return gateway.run(command, environment);
  }

  private static String file(String name, String content) throws IOException {
    return "file://" + Files.writeString(directory.resolve(name), content);
  }

  private static String allow(String action) {
    return "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\""
        + action
        + "\",\"Resource\":\"*\"}]}";
  }

  private static String trust(String principal, String action) {
    return "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{"
        + principal
        + "},\"Action\":\"sts:"
        + action
        + "\"}]}";
  }

  @Test
  void usersRolesAndPoliciesKeepTheirTags() throws IOException {
    gateway.aws("iam", "create-user", "--user-name", "tina", "--tags", "Key=Floor,Value=1").ok();
    gateway
        .aws(
            "iam",
            "create-role",
            "--role-name",
            "tagged",
            "--assume-role-policy-document",
            file("tagged.json", trust("\"AWS\":\"000000000000\"", "AssumeRole")),
            "--tags",
            "Key=a,Value=x y",
            "Key=b,Value=")
        .ok();
    String policy =
        gateway
            .aws(
                "iam",
                "create-policy",
                "--policy-name",
                "tagged",
                "--policy-document",
                allow("iot:Publish"))
            .json()
            .at("/Policy/Arn")
            .asText();
    gateway.aws("iam", "tag-policy", "--policy-arn", policy, "--tags", "Key=c,Value=é").ok();
    gateway.aws("iam", "tag-user", "--user-name", "tina", "--tags", "Key=floor,Value=2").ok();
    gateway.aws("iam", "untag-role", "--role-name", "tagged", "--tag-keys", "a").ok();

    assertThat(gateway.aws("iam", "get-user", "--user-name", "tina").json().at("/User/Tags"))
        .hasToString("[{\"Key\":\"floor\",\"Value\":\"2\"}]");
    assertThat(gateway.aws("iam", "list-role-tags", "--role-name", "tagged").json().at("/Tags"))
        .hasToString("[{\"Key\":\"b\",\"Value\":\"\"}]");
    assertThat(gateway.aws("iam", "list-policy-tags", "--policy-arn", policy).json().at("/Tags"))
        .hasToString("[{\"Key\":\"c\",\"Value\":\"é\"}]");
    assertThat(
            gateway
                .aws("iam", "tag-user", "--user-name", "tina", "--tags", "Key=aws:x,Value=2")
                .out())
        .contains("(InvalidInput)", "reserved");
  }

  @Test
  void aUserDoesWhatItsPoliciesAllowUntilItsKeyIsDisabled() {
    gateway.aws("iam", "create-user", "--user-name", "anna").ok();
    assertThat(gateway.aws("iam", "create-user", "--user-name", "anna").out())
        .contains("(EntityAlreadyExists)");
    Map<String, String> anna =
        credentials(
            gateway.aws("iam", "create-access-key", "--user-name", "anna").json().get("AccessKey"),
            "SecretAccessKey");
    assertThat(as(anna, "iot", "list-things").out()).contains("UnauthorizedException");
    gateway
        .aws(
            "iam",
            "attach-user-policy",
            "--user-name",
            "anna",
            "--policy-arn",
            "arn:aws:iam::aws:policy/AWSIoTConfigReadOnlyAccess")
        .ok();
    as(anna, "iot", "list-things").ok();
    assertThat(as(anna, "iot", "create-thing", "--thing-name", "x").out())
        .contains("UnauthorizedException");
    assertThat(as(anna, "iam", "list-users").out()).contains("(AccessDenied)");
    assertThat(as(anna, "sts", "get-caller-identity").json().get("Arn").asText())
        .isEqualTo("arn:aws:iam::000000000000:user/anna");
    gateway
        .aws(
            "iam",
            "update-access-key",
            "--user-name",
            "anna",
            "--status",
            "Inactive",
            "--access-key-id",
            anna.get("AWS_ACCESS_KEY_ID"))
        .ok();
    assertThat(as(anna, "iot", "list-things").out()).contains("UnrecognizedClientException");
    assertThat(as(anna, "iam", "list-users").out()).contains("(InvalidClientTokenId)");
  }

  @Test
  void documentsComeBackAsTheyWereGiven() throws IOException {
    gateway.aws("iam", "create-group", "--group-name", "staff").ok();
    String document = file("policy.json", allow("iot:Publish"));
    gateway
        .aws(
            "iam",
            "put-group-policy",
            "--group-name",
            "staff",
            "--policy-name",
            "p",
            "--policy-document",
            document)
        .ok();
    assertThat(
            gateway
                .aws("iam", "get-group-policy", "--group-name", "staff", "--policy-name", "p")
                .json()
                .at("/PolicyDocument/Statement/0/Action")
                .asText())
        .isEqualTo("iot:Publish");
    assertThat(
            gateway
                .aws(
                    "iam",
                    "create-policy",
                    "--policy-name",
                    "bad",
                    "--policy-document",
                    file("bad.json", "{\"Version\":\"2012-10-17\"}"))
                .out())
        .contains("(MalformedPolicyDocument)");
  }

  @Test
  void accountsSeeNothingOfEachOther() {
    gateway.aws("iot", "create-thing", "--thing-name", "lamp").ok();
    assertThat(as(second, "iot", "list-things").ok()).doesNotContain("lamp");
    assertThat(as(second, "iot", "describe-thing", "--thing-name", "lamp").out())
        .contains("ResourceNotFoundException");
    JsonNode theirs = as(second, "iot", "create-thing", "--thing-name", "lamp").json();
    assertThat(theirs.get("thingArn").asText()).contains(":" + SECOND + ":thing/lamp");
    as(
            second,
            "iot-data",
            "update-thing-shadow",
            "--thing-name",
            "lamp",
            "--cli-binary-format",
            "raw-in-base64-out",
            "--payload",
            "{\"state\":{\"desired\":{\"secret\":1}}}",
            directory.resolve("shadow.json").toString())
        .ok();
    assertThat(
            gateway
                .aws(
                    "iot-data",
                    "get-thing-shadow",
                    "--thing-name",
                    "lamp",
                    directory.resolve("none.json").toString())
                .out())
        .contains("ResourceNotFoundException");
    String certificate =
        as(second, "iot", "create-keys-and-certificate").json().get("certificateId").asText();
    assertThat(gateway.aws("iot", "describe-certificate", "--certificate-id", certificate).out())
        .contains("ResourceNotFoundException");
    assertThat(as(second, "iot", "list-topic-rules").json().get("rules")).isEmpty();
    assertThat(gateway.shell("gatehouse:account-list").ok()).contains(SECOND, "upstairs");
  }

  @Test
  void aRoleOfAnotherAccountIsTakenAndItsSessionActsThere() throws IOException {
    gateway
        .aws(
            "iam",
            "create-role",
            "--role-name",
            "visitors",
            "--assume-role-policy-document",
            file("trust.json", trust("\"AWS\":\"" + SECOND + "\"", "AssumeRole")))
        .ok();
    gateway
        .aws(
            "iam",
            "put-role-policy",
            "--role-name",
            "visitors",
            "--policy-name",
            "p",
            "--policy-document",
            allow("iot:DescribeEndpoint"))
        .ok();
    JsonNode taken =
        as(
                second,
                "sts",
                "assume-role",
                "--role-arn",
                "arn:aws:iam::000000000000:role/visitors",
                "--role-session-name",
                "visit")
            .json();
    Map<String, String> session = credentials(taken.get("Credentials"), "SecretAccessKey");
    as(session, "iot", "describe-endpoint").ok();
    assertThat(as(session, "iot", "list-things").out()).contains("UnauthorizedException");
    assertThat(as(session, "sts", "get-caller-identity").json().get("Arn").asText())
        .isEqualTo("arn:aws:sts::000000000000:assumed-role/visitors/visit");
    Map<String, String> bent = new HashMap<>(session);
    bent.put("AWS_SESSION_TOKEN", "A" + session.get("AWS_SESSION_TOKEN").substring(1));
    assertThat(as(bent, "iot", "describe-endpoint").out()).contains("UnrecognizedClientException");
  }

  @Test
  void aRuleIsMadeOnlyWithARoleThatMayBePassed() throws IOException {
    gateway.aws("iam", "create-user", "--user-name", "ruler").ok();
    gateway
        .aws(
            "iam",
            "attach-user-policy",
            "--user-name",
            "ruler",
            "--policy-arn",
            "arn:aws:iam::aws:policy/AWSIoTFullAccess")
        .ok();
    Map<String, String> ruler =
        credentials(
            gateway.aws("iam", "create-access-key", "--user-name", "ruler").json().get("AccessKey"),
            "SecretAccessKey");
    String rule =
        file(
            "rule.json",
            """
            {"sql": "SELECT * FROM 'in'", "actions": [{"republish": {"topic": "out",
             "roleArn": "arn:aws:iam::000000000000:role/quiet"}}]}""");
    String[] create = {
      "iot", "create-topic-rule", "--rule-name", "quiet", "--topic-rule-payload", rule
    };
    assertThat(as(ruler, create).out()).contains("iam:PassRole");
    gateway
        .aws(
            "iam",
            "put-user-policy",
            "--user-name",
            "ruler",
            "--policy-name",
            "pass",
            "--policy-document",
            allow("iam:PassRole"))
        .ok();
    assertThat(as(ruler, create).out()).contains("there is no role");
    gateway
        .aws(
            "iam",
            "create-role",
            "--role-name",
            "quiet",
            "--assume-role-policy-document",
            trust("\"Service\":\"iot.amazonaws.com\"", "AssumeRole"))
        .ok();
    as(ruler, create).ok();
  }

  @Test
  void aStrangerGetsCredentialsOfThePoolsRole() throws IOException {
    String pool =
        gateway
            .aws(
                "cognito-identity",
                "create-identity-pool",
                "--identity-pool-name",
                "house",
                "--allow-unauthenticated-identities")
            .json()
            .get("IdentityPoolId")
            .asText();
    gateway
        .aws(
            "iam",
            "create-role",
            "--role-name",
            "strangers",
            "--assume-role-policy-document",
            trust("\"Federated\":\"cognito-identity.amazonaws.com\"", "AssumeRoleWithWebIdentity"))
        .ok();
    gateway
        .aws(
            "iam",
            "put-role-policy",
            "--role-name",
            "strangers",
            "--policy-name",
            "p",
            "--policy-document",
            allow("iot:Publish"))
        .ok();
    gateway
        .aws(
            "cognito-identity",
            "set-identity-pool-roles",
            "--identity-pool-id",
            pool,
            "--roles",
            "unauthenticated=arn:aws:iam::000000000000:role/strangers")
        .ok();
    String identity =
        gateway
            .aws("cognito-identity", "get-id", "--identity-pool-id", pool)
            .json()
            .get("IdentityId")
            .asText();
    Map<String, String> stranger =
        credentials(
            gateway
                .aws("cognito-identity", "get-credentials-for-identity", "--identity-id", identity)
                .json()
                .get("Credentials"),
            "SecretKey");
    as(stranger, "iot-data", "publish", "--topic", "a", "--payload", "aGVsbG8=").ok();
    assertThat(as(stranger, "iot", "list-things").out()).contains("UnauthorizedException");
  }

  @Test
  void callsAreAuditedAndLookedUp() {
    gateway.aws("iot", "describe-thing", "--thing-name", "audited").out();
    gateway.shell("gatehouse:user-create console-made").ok();
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () -> {
              JsonNode events =
                  gateway
                      .aws(
                          "cloudtrail",
                          "lookup-events",
                          "--lookup-attributes",
                          "AttributeKey=EventName,AttributeValue=DescribeThing")
                      .json()
                      .get("Events");
              assertThat(events.findValuesAsText("CloudTrailEvent"))
                  .anySatisfy(
                      event ->
                          assertThat(event)
                              .contains("\"thingName\":\"audited\"")
                              .contains("\"errorCode\":\"ResourceNotFoundException\"")
                              .contains("\"userName\":\"admin\""));
            });
    assertThat(gateway.shell("gatehouse:audit-list --event CreateUser").ok()).contains("console");
    assertThat(gateway.shell("gatehouse:user-list").ok()).contains("console-made");
  }
}
