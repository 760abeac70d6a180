package dev.gatehouse.identity.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PatternTest {

  @Provide
  Arbitrary<String> patterns() {
    return Arbitraries.strings().withChars("ab/*?").ofMaxLength(10);
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.strings().withChars("ab/").ofMaxLength(12);
  }

  @Property(tries = 20_000)
  void agreesWithANaiveMatcher(@ForAll("patterns") String pattern, @ForAll("texts") String text)
      throws MalformedPolicy {
    assertThat(Pattern.parse(pattern, true, true, false).matches(text, Values.of(Map.of()), false))
        .as("'%s' on '%s'", pattern, text)
        .isEqualTo(naive(pattern, text));
  }

  private static boolean naive(String pattern, String text) {
    if (pattern.isEmpty()) {
      return text.isEmpty();
    }
    if (pattern.charAt(0) == '*') {
      return naive(pattern.substring(1), text)
          || (!text.isEmpty() && naive(pattern, text.substring(1)));
    }
    return !text.isEmpty()
        && (pattern.charAt(0) == '?' || pattern.charAt(0) == text.charAt(0))
        && naive(pattern.substring(1), text.substring(1));
  }

  @Test
  @Timeout(5)
  void manyStarsDoNotBlowUp() throws MalformedPolicy {
    Pattern pattern = Pattern.parse("*a".repeat(1000) + "b", true, true, false);
    assertThat(pattern.matches("a".repeat(60_000), Values.of(Map.of()), false)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"*", "a*", "#", "+", "?", "a/b", "$x", "${iot:ClientId}", "a\u0000", ""})
  void anUnsafeValueGivesNothingAndTakesEverything(String value) throws MalformedPolicy {
    Pattern pattern = Pattern.parse("topic/${iot:ClientId}", true, true, false);
    Values variables = Values.of(Map.of("iot:ClientId", value));
    assertThat(pattern.matches("topic/" + value, variables, false)).isFalse();
    assertThat(pattern.matches("topic/else", variables, true)).isTrue();
  }

  @Test
  void aValueIsNotExpandedTwice() throws MalformedPolicy {
    Pattern pattern = Pattern.parse("${a}", true, true, false);
    assertThat(pattern.matches("x", Values.of(Map.of("a", "b", "b", "x")), false)).isFalse();
  }

  @Test
  void withoutWildcardsAStarIsAStar() throws MalformedPolicy {
    Pattern pattern = Pattern.parse("a*b?", false, true, false);
    assertThat(pattern.matches("a*b?", Values.of(Map.of()), false)).isTrue();
    assertThat(pattern.matches("axbx", Values.of(Map.of()), false)).isFalse();
  }

  @Test
  void anUnclosedVariableIsMalformed() {
    assertThatThrownBy(() -> Pattern.parse("a${b", true, true, false))
        .isInstanceOf(MalformedPolicy.class)
        .hasMessageContaining("index 1");
  }
}
