package dev.gatehouse.identity.policy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GlobTest {
  private static int[] pattern(String text) {
    return text.chars().map(c -> c == '*' ? Glob.ANY : c == '?' ? Glob.ONE : c).toArray();
  }

  @Test
  void aTextThatNeedsTooManyComparisonsIsUndecided() {
    int[] pattern = pattern("*" + "a".repeat(1700) + "b");
    String text = "a".repeat(65_000);

    assertThat(Glob.matches(pattern, text, false)).isFalse();
    assertThat(Glob.matches(pattern, text, true)).isTrue();
  }

  @Test
  void aLongTextThatNeedsFewComparisonsIsDecided() {
    int[] pattern = pattern("arn:aws:iot:*:*:topic/" + "*a".repeat(900) + "b");
    String text = "arn:aws:iot:us-east-1:000000000000:topic/" + "a".repeat(65_000);

    assertThat(Glob.matches(pattern, text, true)).isFalse();
    assertThat(Glob.matches(pattern, text + "b", false)).isTrue();
  }
}
