package dev.gatehouse.rules;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.api.tag.Tags;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class RuleTagsTest extends RulesHouse {
  private Map<String, String> tags() {
    byte[] key = Tags.key(ACCOUNT, ACCOUNT.arn("iot", "rule/r1"));
    return store.table(Tags.TABLE).get(key).map(Tags::restored).orElse(Tags.NONE).values();
  }

  private void createTagged(String tags) throws Exception {
    ask("CreateTopicRule", "r1", RULE.formatted(""), Map.of(), Map.of("x-amz-tagging", tags))
        .get(5, TimeUnit.SECONDS);
  }

  /** As the operations on tags look for it. */
  private boolean there() {
    String table = new RuleTags().tables().get("rule/");
    return store.table(table).get((ACCOUNT + "\0r1").getBytes(UTF_8)).isPresent();
  }

  @Test
  void aRuleHasTheTagsThatItIsMadeWithUntilItIsDeleted() throws Exception {
    createTagged("room=hall&floor=1");
    assertThat(tags()).isEqualTo(Map.of("floor", "1", "room", "hall"));
    assertThat(there()).isTrue();
    call("ReplaceTopicRule", "r1", RULE.formatted("").replace("x/", "y/"), Map.of());
    assertThat(tags()).isEqualTo(Map.of("floor", "1", "room", "hall"));
    call("DeleteTopicRule", "r1", "", Map.of());
    assertThat(tags()).isEmpty();
    assertThat(there()).isFalse();
    create("r1", RULE.formatted(""));
    assertThat(tags()).isEmpty();
  }

  @Test
  void noRuleIsMadeWithTagsThatCanNotBe() {
    assertThatThrownBy(() -> createTagged("aws:room=hall")).hasMessageContaining("aws:room");
    assertThatThrownBy(() -> createTagged("a=1&a=2")).hasMessageContaining("given twice");
    assertThat(there()).isFalse();
  }
}
