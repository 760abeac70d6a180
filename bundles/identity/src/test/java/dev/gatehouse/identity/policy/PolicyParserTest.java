package dev.gatehouse.identity.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.api.identity.Decision;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PolicyParserTest {

  static Stream<Arguments> malformed() {
    String allow = "\"Effect\": \"Allow\", ";
    String rest = "\"Action\": \"iot:Publish\", \"Resource\": \"*\"";
    return Stream.of(
        Arguments.of("", "object"),
        Arguments.of("[]", "object"),
        Arguments.of("{\"Version\": ", "line 1, column"),
        Arguments.of("{} {}", "not JSON"),
        Arguments.of("{}", "Statement is missing"),
        Arguments.of("{\"Statement\": []}", "Statement is missing or empty"),
        Arguments.of("{\"Statement\": \"x\"}", "Statement"),
        Arguments.of("{\"Statement\": [1]}", "Statement[0] must be an object"),
        Arguments.of("{\"Version\": \"2020-01-01\", \"Statement\": {}}", "2020-01-01"),
        Arguments.of("{\"Versoin\": 1, \"Statement\": {}}", "'Versoin'"),
        Arguments.of("{\"Statement\": {\"Effect\": \"allow\", " + rest + "}}", "Effect"),
        Arguments.of("{\"Statement\": {" + rest + "}}", "Effect"),
        Arguments.of("{\"Statement\": {" + allow + "\"Resource\": \"*\"}}", "Action"),
        Arguments.of("{\"Statement\": {" + allow + "\"Action\": \"*\"}}", "Resource"),
        Arguments.of(
            "{\"Statement\": {" + allow + rest + ", \"NotAction\": \"iot:X\"}}", "NotAction"),
        Arguments.of("{\"Statement\": {" + allow + rest + ", \"Foo\": 1}}", "'Foo'"),
        Arguments.of(
            "{\"Statement\": {" + allow + "\"Action\": [], \"Resource\": \"*\"}}", "Action"),
        Arguments.of(
            "{\"Statement\": {" + allow + "\"Action\": \"Publish\", \"Resource\": \"*\"}}",
            "'Publish'"),
        Arguments.of(
            "{\"Statement\": {" + allow + "\"Action\": \"*\", \"Resource\": \"topic/a\"}}",
            "'topic/a'"),
        Arguments.of(
            "{\"Statement\": {" + allow + rest + ", \"Condition\": {\"Same\": {\"a\": \"b\"}}}}",
            "'Same'"),
        Arguments.of("{\"Statement\": {" + allow + allow + rest + "}}", "uplicate"),
        Arguments.of("[".repeat(21), "not JSON"),
        Arguments.of("[".repeat(100_000), "100000 characters are more than 65536"));
  }

  @ParameterizedTest
  @MethodSource("malformed")
  void whatIsWrongIsSaid(String document, String said) {
    assertThatThrownBy(() -> PolicyParser.parse(document))
        .isInstanceOf(MalformedPolicy.class)
        .hasMessageContaining(said);
  }

  @Test
  void aDenyWinsAcrossPolicies() throws MalformedPolicy {
    Policy allow = policy("Allow");
    Policy deny = policy("Deny");
    assertThat(decide(List.of(allow, deny))).isEqualTo(Decision.EXPLICITLY_DENIED);
    assertThat(decide(List.of(deny, allow))).isEqualTo(Decision.EXPLICITLY_DENIED);
    assertThat(decide(List.of(allow))).isEqualTo(Decision.ALLOWED);
    assertThat(decide(List.of())).isEqualTo(Decision.IMPLICITLY_DENIED);
  }

  @Test
  void whatCannotBeReadDeniesEverything() throws MalformedPolicy {
    assertThat(decide(List.of(policy("Allow"), Policy.denyingAll())))
        .isEqualTo(Decision.EXPLICITLY_DENIED);
  }

  private static Decision decide(List<Policy> policies) {
    return Policy.decide(policies, "iot:Publish", "arn:aws:iot:r:a:topic/x", Map.of());
  }

  private static Policy policy(String effect) throws MalformedPolicy {
    return PolicyParser.parse(
        "{\"Statement\": {\"Effect\": \"%s\", \"Action\": \"iot:*\", \"Resource\": \"*\"}}"
            .formatted(effect));
  }
}
