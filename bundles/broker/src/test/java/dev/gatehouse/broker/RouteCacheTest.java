package dev.gatehouse.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.api.memory.MemoryShare;
import dev.gatehouse.api.message.TopicFilter;
import dev.gatehouse.testkit.FixedMemory;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RouteCacheTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final MemoryShare memory = new FixedMemory(100_000).open("topics", 10);
  private final TopicTrie trie = new TopicTrie(true, new FixedMemory(1 << 20).open("trie", 100));
  private final ManualTimer timer = new ManualTimer();
  private final RouteCache routes = new RouteCache(trie, 64, timer, memory);
  private final Subscriber subscriber = new ShareGroup();

  @Test
  void subscribersAreRememberedUntilAnythingChanges() {
    trie.add(new TopicFilter("a/+"), subscriber);
    assertThat(routes.match("a/b")).containsExactly(subscriber).isSameAs(routes.match("a/b"));
    Subscriber another = new ShareGroup();
    trie.add(new TopicFilter("a/b"), another);
    assertThat(routes.match("a/b")).containsExactlyInAnyOrder(subscriber, another);
  }

  @Test
  void whoHasGoneIsNotHeldOnTo() {
    trie.add(new TopicFilter("a/+"), subscriber);
    routes.match("a/b");
    routes.match("a/c");
    timer.advance(MINUTE);
    assertThat(timer.waiting()).as("it looks again as long as it holds anything").isOne();
    trie.remove(new TopicFilter("a/+"), subscriber);
    timer.advance(MINUTE);
    assertThat(timer.waiting()).as("it holds nothing").isZero();
    assertThat(routes.match("a/b")).isEmpty();
    assertThat(timer.waiting()).as("it holds that there is nobody").isOne();
  }

  @Test
  void manyTopicsTakeNoMoreThanTheMemoryForThem() {
    trie.add(new TopicFilter("#"), subscriber);
    for (int i = 0; i < 1_000; i++) {
      assertThat(routes.match("t/" + i + "/" + "x".repeat(200))).containsExactly(subscriber);
    }
    assertThat(memory.usedBytes()).isBetween(5_000L, memory.limitBytes());
    trie.remove(new TopicFilter("#"), subscriber);
    timer.advance(MINUTE);
    assertThat(memory.usedBytes()).isZero();
  }

  @Test
  void longTopicsAreLookedUpEachTime() {
    trie.add(new TopicFilter("#"), subscriber);
    assertThat(routes.match("x".repeat(60_000))).containsExactly(subscriber);
    assertThat(memory.usedBytes()).isZero();
  }
}
