package dev.gatehouse.identity.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.api.identity.Decision;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConditionTest {

  @ParameterizedTest(name = "{0} {1}: {2} is {3}")
  @CsvSource({
    "StringEquals, abc, abc, true",
    "StringEquals, a*, abc, false",
    "StringEquals, a*, a*, true",
    "StringEquals, ABC, abc, false",
    "StringNotEquals, abc, abd, true",
    "StringNotEquals, abc, abc, false",
    "StringEqualsIgnoreCase, ABC, abc, true",
    "StringNotEqualsIgnoreCase, ABC, abc, false",
    "StringLike, a*, abc, true",
    "StringNotLike, a*, abc, false",
    "ArnEquals, arn:aws:iot:*, arn:aws:iot:x, true",
    "ArnLike, arn:aws:s3:*, arn:aws:iot:x, false",
    "ArnNotLike, arn:aws:s3:*, arn:aws:iot:x, true",
    "NumericEquals, 5, 5.0, true",
    "NumericNotEquals, 5, 6, true",
    "NumericLessThan, 5, 4, true",
    "NumericLessThan, 5, 5, false",
    "NumericLessThanEquals, 5, 5, true",
    "NumericGreaterThan, 5, 6, true",
    "NumericGreaterThanEquals, 5, 5, true",
    "NumericEquals, 5, five, false",
    "DateLessThan, 2020-01-01T00:00:00Z, 2019-12-31T23:59:59Z, true",
    "DateGreaterThan, 2020-01-01T00:00:00Z, 1577836800, false",
    "DateEquals, 2020-01-01T00:00:00Z, 1577836800, true",
    "Bool, true, TRUE, true",
    "Bool, true, false, false",
    "IpAddress, 192.0.2.0/24, 192.0.2.77, true",
    "IpAddress, 192.0.2.0/25, 192.0.2.200, false",
    "IpAddress, 2001:db8::/32, 2001:db8:1::5, true",
    "IpAddress, fe80::/10, fe80::1%eth0, true",
    "IpAddress, 192.0.2.1, 192.0.2.1, true",
    "NotIpAddress, 192.0.2.0/24, 198.51.100.1, true",
    "Null, true, present, false",
    "Null, False, present, true",
    "ForAnyValue:StringEquals, abc, abc, true",
    "ForAnyValue:StringEquals, abc, abd, false",
    "ForAllValues:StringLike, a*, abc, true",
    "ForAllValues:StringLike, a*, bcd, false",
    "ForAllValues:StringNotEqualsIfExists, a, b, true"
  })
  void operatorsCompare(String operator, String wanted, String actual, boolean holds)
      throws MalformedPolicy {
    assertThat(decide("Allow", operator, wanted, Map.of("k", actual)).allowed()).isEqualTo(holds);
  }

  @ParameterizedTest(name = "{0} of an absent key is {1}")
  @CsvSource({
    "StringEquals, x, false",
    "StringEqualsIfExists, x, true",
    "StringNotEquals, x, true",
    "IpAddress, 10.0.0.0/8, false",
    "IpAddressIfExists, 10.0.0.0/8, true",
    "Null, TRUE, true",
    "Null, false, false",
    "ForAnyValue:StringEquals, x, false",
    "ForAnyValue:StringNotEquals, x, false",
    "ForAnyValue:StringEqualsIfExists, x, true",
    "ForAllValues:StringEquals, x, true",
    "ForAllValues:StringNotEquals, x, true"
  })
  void anAbsentKeyHoldsOnlyWhereItIsSaid(String operator, String wanted, boolean holds)
      throws MalformedPolicy {
    assertThat(decide("Allow", operator, wanted, Map.of()).allowed()).isEqualTo(holds);
  }

  @Test
  void anUndecidableVariableNeitherAllowsNorSparesADeny() throws MalformedPolicy {
    Map<String, String> key = Map.of("k", "x");
    assertThat(decide("Allow", "StringEquals", "${gone}", key).allowed()).isFalse();
    assertThat(decide("Allow", "StringNotEquals", "${gone}", key).allowed()).isFalse();
    assertThat(decide("Deny", "StringEquals", "${gone}", key))
        .isEqualTo(Decision.EXPLICITLY_DENIED);
    assertThat(decide("Deny", "StringNotEquals", "${gone}", key))
        .isEqualTo(Decision.EXPLICITLY_DENIED);
  }

  @ParameterizedTest
  @CsvSource({
    "IpAddress, example.com",
    "IpAddress, abc.def",
    "IpAddress, 1.2.3",
    "IpAddress, 1.2.3.4.5",
    "IpAddress, 1.2.3.400",
    "IpAddress, 10.0.0.0/33",
    "IpAddress, 10.0.0.0/x",
    "IpAddress, ::g",
    "NumericEquals, five",
    "DateEquals, yesterday",
    "Bool, yes",
    "Null, 1"
  })
  void aValueThatCouldNeverHoldIsMalformed(String operator, String value) {
    assertThatThrownBy(() -> decide("Deny", operator, value, Map.of()))
        .isInstanceOf(MalformedPolicy.class)
        .hasMessageContaining("Statement.Condition." + operator + ".k")
        .hasMessageContaining(value);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "BinaryEquals",
        "ForSomeValue:StringEquals",
        "ForAnyValue:Null",
        "NullIfExists",
        "IfExists",
        ""
      })
  void whatIsNoOperatorIsMalformed(String operator) {
    assertThatThrownBy(() -> decide("Deny", operator, "true", Map.of()))
        .isInstanceOf(MalformedPolicy.class)
        .hasMessageContaining("'" + operator + "' is not a condition operator");
  }

  private static Decision decide(
      String effect, String operator, String value, Map<String, String> variables)
      throws MalformedPolicy {
    Map<String, String> anyCase = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    anyCase.putAll(variables);
    String document =
        """
        {"Version": "2012-10-17", "Statement": {"Effect": "%s", "Action": "*", "Resource": "*",
         "Condition": {"%s": {"k": "%s"}}}}"""
            .formatted(effect, operator, value);
    return Policy.decide(List.of(PolicyParser.parse(document)), "iot:Publish", "arn:x", anyCase);
  }
}
