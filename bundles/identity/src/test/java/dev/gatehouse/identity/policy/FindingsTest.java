package dev.gatehouse.identity.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a document does that it does not seem to do. */
class FindingsTest {

  private static List<Policy.Finding> findings(String statement) throws MalformedPolicy {
    return PolicyParser.parse(
            "{\"Version\":\"2012-10-17\",\"Statement\":" + statement.replace('\'', '"') + "}")
        .findings();
  }

  private static List<Policy.Finding> condition(String effect, String operator, String key)
      throws MalformedPolicy {
    String value = operator.startsWith("Null") || operator.startsWith("Bool") ? "true" : "x";
    return findings(
        "{'Effect': '%s', 'Action': '*', 'Resource': '*', 'Condition': {'%s': {'%s': '%s'}}}"
            .formatted(effect, operator, key, value));
  }

  @ParameterizedTest
  @CsvSource({
    "Allow, StringEquals, false",
    "Allow, StringNotEquals, true",
    "Allow, StringEqualsIfExists, true",
    "Allow, StringNotLike, true",
    "Allow, Null, true",
    "Allow, ForAllValues:StringEquals, true",
    "Allow, ForAnyValue:StringEquals, false",
    "Allow, ForAnyValue:StringNotEquals, false",
    "Deny, StringEquals, true",
    "Deny, StringNotEquals, false",
    "Deny, StringEqualsIfExists, false",
    "Deny, Bool, true",
    "Deny, BoolIfExists, false",
    "Deny, Null, false",
    "Deny, ForAllValues:StringEquals, false",
    "Deny, ForAnyValue:StringEquals, true"
  })
  void anUnknownKeyGivesRightsWhereItsAbsenceDoes(String effect, String operator, boolean gives)
      throws Exception {
    List<Policy.Finding> findings = condition(effect, operator, "aws:ResourceTag/floor");
    assertThat(findings).singleElement().extracting(Policy.Finding::gives).isEqualTo(gives);
    assertThat(findings.get(0).text())
        .startsWith("Statement.Condition." + operator + ".aws:ResourceTag/floor: ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "aws:CurrentTime",
        "AWS:sourceip",
        "aws:PrincipalTag/team",
        "aws:SourceVpce",
        "aws:MultiFactorAuthPresent",
        "iot:Certificate.Subject.Organization",
        "iot:Certificate.Issuer.Country.List",
        "iot:Certificate.Subject.CommonName.1",
        "iot:Certificate.Subject.AlternativeName.DNSName",
        "iot:Connection.Thing.Attributes[room]",
        "iam:PolicyARN"
      })
  void keysThatHaveAValueAreKnown(String key) throws Exception {
    assertThat(condition("Deny", "StringEquals", key)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "aws:CurentTime",
        "iot:Certificate.Subject.Organisation",
        "iot:Connection.Thing.Attributes",
        "iot:DomainName",
        "k"
      })
  void keysThatHaveNoneAreNot(String key) throws Exception {
    assertThat(condition("Deny", "StringEquals", key)).hasSize(1);
  }

  @Test
  void receivingFromATopicFilterIsFound() throws Exception {
    String filter = "'arn:aws:iot:us-east-1:123456789012:topicfilter/a'";
    String topic = "'arn:aws:iot:us-east-1:123456789012:topic/a'";
    String statement = "{'Effect': 'Allow', 'Action': ['iot:Subscribe', 'iot:Receive'],";
    assertThat(findings(statement + "'Resource': [" + filter + "]}"))
        .singleElement()
        .satisfies(finding -> assertThat(finding.gives()).isFalse())
        .satisfies(finding -> assertThat(finding.text()).contains("topic/"));
    assertThat(findings(statement + "'Resource': [" + filter + "," + topic + "]}")).isEmpty();
    assertThat(findings(statement + "'Resource': '*'}")).isEmpty();
    assertThat(
            findings(
                "["
                    + statement
                    + "'Resource': "
                    + filter
                    + "}, {'Effect': 'Allow', 'Action': 'iot:Re*', 'Resource': "
                    + topic
                    + "}]"))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'Principal': '*'",
        "'Principal': {'AWS': '123456789012'}",
        "'NotPrincipal': {'AWS': '123456789012'}",
        "'Sid': {}",
        "'Foo': 1"
      })
  void aMemberThatMeansNothingIsRefused(String member) {
    assertThatThrownBy(
            () -> findings("{'Effect': 'Allow', 'Action': '*', 'Resource': '*', " + member + "}"))
        .isInstanceOf(MalformedPolicy.class)
        .hasMessageContaining(member.substring(1, member.indexOf(':') - 1));
  }

  @Test
  void aPrincipalInADocumentThatWasTakenBeforeStillSaysNothing() throws Exception {
    Policy stored =
        PolicyParser.stored(
            "{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"*\","
                + "\"Resource\":\"*\"}}");
    assertThat(Policy.decide(List.of(stored), "a:B", "arn:x", Map.of()).allowed()).isTrue();
  }

  @Test
  void allValuesOfAListMustBeAmongThoseOfForAllValues() throws Exception {
    Policy policy =
        PolicyParser.parse(
            """
            {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*",
             "Resource": "*", "Condition": {"ForAllValues:StringEquals": {
               "iot:Certificate.Subject.Organization.List": ["Example Corp", "AnyCompany"]}}}}""");
    assertThat(allowed(policy, List.of("AnyCompany"))).isTrue();
    assertThat(allowed(policy, List.of("AnyCompany", "Example Corp"))).isTrue();
    assertThat(allowed(policy, List.of("Other"))).isFalse();
    assertThat(allowed(policy, List.of("AnyCompany", "Other"))).isFalse();
    assertThat(allowed(policy, List.of())).as("as IAM has it: none is all").isTrue();
  }

  private static boolean allowed(Policy policy, List<String> organizations) {
    Values values =
        new Values() {
          @Override
          public String one(String name) {
            return null;
          }

          @Override
          public List<String> all(String name) {
            return organizations;
          }
        };
    return Policy.decide(List.of(policy), "a:B", "arn:x", values).allowed();
  }
}
