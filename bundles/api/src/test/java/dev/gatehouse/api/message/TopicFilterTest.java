package dev.gatehouse.api.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TopicFilterTest {

  @ParameterizedTest
  @CsvSource({
    "a/b, a/b, true",
    "a/b, a/b/c, false",
    "a/+, a/b, true",
    "a/+, a/, true",
    "a/+, a, false",
    "+/b, a/b, true",
    "+, /a, false",
    "/+, /a, true",
    "a/#, a, true",
    "a/#, a/b/c, true",
    "a/#, ab, false",
    "#, a/b, true",
    "#, $aws/x, false",
    "+/x, $aws/x, false",
    "$aws/#, $aws/x, true",
    "a//b, a//b, true",
    "a/+/b, a//b, true"
  })
  void matchesAsTheStandardSays(String filter, String topic, boolean matches) {
    assertThat(new TopicFilter(filter).matches(new TopicName(topic))).isEqualTo(matches);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a#", "#/a", "a/#/b", "a+", "+a/b", "a\0b", "\ud800"})
  void refusesWhatIsNoFilter(String filter) {
    assertThatThrownBy(() -> new TopicFilter(filter)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aTopicHasNoWildcardsAndAtMost65535Bytes() {
    assertThatThrownBy(() -> new TopicName("a/+")).hasMessageContaining("must not hold");
    assertThat(new TopicName("ä".repeat(32_767)).utf8Length()).isEqualTo(65_534);
    assertThatThrownBy(() -> new TopicName("ä".repeat(32_768))).hasMessageContaining("65536 bytes");
  }

  @Test
  void sharedFilterIsANameAndAFilter() {
    TopicFilter shared = new TopicFilter("$share/workers/a/+/#");
    assertThat(shared.shared()).isTrue();
    assertThat(shared.unshared()).isEqualTo(new TopicFilter("a/+/#"));
    assertThat(new TopicFilter("a/b").shared()).isFalse();
    assertThat(new TopicFilter("a/b").unshared()).isEqualTo(new TopicFilter("a/b"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"$share/", "$share/g", "$share/g/", "$share//a", "$share/+/a", "$share/g#/a"})
  void sharedFilterWithoutANameOrAFilterIsRefused(String text) {
    assertThatThrownBy(() -> new TopicFilter(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(text);
  }
}
