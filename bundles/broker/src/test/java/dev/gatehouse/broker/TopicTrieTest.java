package dev.gatehouse.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.api.memory.MemoryShare;
import dev.gatehouse.api.message.Mailbox;
import dev.gatehouse.api.message.TopicFilter;
import dev.gatehouse.api.message.TopicName;
import dev.gatehouse.testkit.FixedMemory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class TopicTrieTest {
  private static final String[] LEVELS = {"a", "b", "c", "", "$x", "long-level", "ab"};

  private static final MemoryShare MEMORY = new FixedMemory().open("trie", 100);

  private final TopicTrie trie = new TopicTrie(true, MEMORY);

  @Test
  void agreesWithTheFiltersThemselvesOnRandomTopicsWhileFiltersComeAndGo() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    Map<Subscriber, TopicFilter> there = new HashMap<>();
    for (int round = 0; round < 3_000; round++) {
      if (random.nextInt(3) > 0) {
        TopicFilter filter = new TopicFilter(path(random, true));
        Subscriber subscriber = subscriber();
        trie.add(filter, subscriber);
        there.put(subscriber, filter);
      } else if (!there.isEmpty()) {
        Subscriber victim = there.keySet().iterator().next();
        assertThat(trie.remove(there.remove(victim), victim)).isTrue();
      }
      TopicName topic = new TopicName(path(random, false));
      Set<Subscriber> expected = new HashSet<>();
      there.forEach(
          (subscriber, filter) -> {
            if (filter.matches(topic)) {
              expected.add(subscriber);
            }
          });
      assertThat(trie.match(topic.value()))
          .as("seed %d round %d topic '%s'", seed, round, topic)
          .containsExactlyInAnyOrderElementsOf(expected);
    }
    there.forEach((subscriber, filter) -> trie.remove(filter, subscriber));
    assertThat(trie.empty()).isTrue();
    assertThat(trie.size()).isZero();
  }

  @Test
  void aFilterWithAFinalHashMatchesItsParentUnlessThatIsTurnedOff() {
    TopicFilter filter = new TopicFilter("a/#");
    Subscriber subscriber = subscriber();
    trie.add(filter, subscriber);
    TopicTrie strict = new TopicTrie(false, MEMORY);
    strict.add(filter, subscriber);

    assertThat(trie.match("a")).containsExactly(subscriber);
    assertThat(strict.match("a")).isEmpty();
    assertThat(strict.match("a/b")).containsExactly(subscriber);
  }

  @Test
  void thirtyThousandLevelsNeedNoDeepStack() {
    String deep = "/".repeat(30_000);
    Subscriber subscriber = subscriber();
    TopicFilter filter = new TopicFilter("+/".repeat(30_000) + "+");
    trie.add(filter, subscriber);

    assertThat(trie.match(deep)).containsExactly(subscriber);
    assertThat(trie.remove(filter, subscriber)).isTrue();
    assertThat(trie.empty()).isTrue();
  }

  @Test
  void removingWhatIsNotThereChangesNothing() {
    trie.add(new TopicFilter("a/b"), subscriber());
    long revision = trie.revision();

    assertThat(trie.remove(new TopicFilter("a/b"), subscriber())).isFalse();
    assertThat(trie.remove(new TopicFilter("x/y/z"), subscriber())).isFalse();
    assertThat(trie.revision()).isEqualTo(revision);
    assertThat(trie.size()).isEqualTo(1);
  }

  @Test
  void readersAlwaysSeeASubscriberThatStaysWhileOthersComeAndGo() {
    Subscriber stays = subscriber();
    trie.add(new TopicFilter("x/7/y"), stays);
    AtomicBoolean stop = new AtomicBoolean();
    CompletableFuture<Long> reader =
        CompletableFuture.supplyAsync(
            () -> {
              long missed = 0;
              while (!stop.get()) {
                missed += List.of(trie.match("x/7/y")).contains(stays) ? 0 : 1;
              }
              return missed;
            });
    for (int round = 0; round < 50; round++) {
      List<Subscriber> others = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        others.add(subscriber());
        trie.add(new TopicFilter("x/" + (100 + i) + "/y"), others.get(i));
      }
      for (int i = 0; i < 100; i++) {
        trie.remove(new TopicFilter("x/" + (100 + i) + "/y"), others.get(i));
      }
    }
    stop.set(true);
    assertThat(reader.join()).isZero();
  }

  @Test
  void aMillionTopicsTakeAtMost250BytesEachAndGiveThemBack() {
    Subscriber subscriber = subscriber();
    int count = 1_000_000;
    long before = usedMemory();
    for (int i = 0; i < count; i++) {
      trie.add(filter(i), subscriber);
    }
    long each = (usedMemory() - before) / count;
    for (int i = 0; i < count; i++) {
      trie.remove(filter(i), subscriber);
    }
    assertThat(each).isBetween(1L, 250L);
    assertThat(trie.empty()).isTrue();
    assertThat(usedMemory() - before).isLessThan(8L << 20);
  }

  private static TopicFilter filter(int i) {
    return new TopicFilter("site/" + i / 1000 + "/device-" + i % 1000 + "/state");
  }

  private static long usedMemory() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  private static String path(Random random, boolean wildcards) {
    StringBuilder path = new StringBuilder();
    int levels = 1 + random.nextInt(4);
    for (int i = 0; i < levels; i++) {
      path.append(i == 0 ? "" : "/");
      int pick = random.nextInt(wildcards ? 11 : 8);
      if (pick >= 8 && pick < 10) {
        path.append('+');
      } else if (pick == 10) {
        return path.append('#').toString();
      } else {
        path.append(LEVELS[pick % LEVELS.length]);
      }
    }
    return path.length() == 0 ? "a" : path.toString();
  }

  private static Subscriber subscriber() {
    return new MailboxSubscriber(
        new Mailbox("test", 1, Mailbox.Overflow.REFUSE, false),
        message -> CompletableFuture.completedFuture(null),
        Runnable::run,
        new Counters(),
        MEMORY);
  }

  @Test
  void levelsForWhichThereIsNoMemoryAreNotAdded() {
    MemoryShare memory = new FixedMemory(100_000).open("trie", 100);
    TopicTrie small = new TopicTrie(true, memory);
    assertThat(small.tryAdd(new TopicFilter("a/b"), subscriber())).isTrue();
    long used = memory.usedBytes();
    assertThat(small.tryAdd(new TopicFilter("a" + "/x".repeat(990)), subscriber())).isFalse();
    assertThat(memory.usedBytes()).isEqualTo(used);
    assertThat(small.match("a" + "/x".repeat(990))).isEmpty();
  }

  @Test
  void allMemoryIsGivenBackWithTheLastSubscriber() {
    MemoryShare memory = new FixedMemory(1_000_000).open("trie", 100);
    TopicTrie small = new TopicTrie(true, memory);
    List<Subscriber> subscribers = new ArrayList<>();
    List<TopicFilter> filters = new ArrayList<>();
    for (String text : List.of("a/b/c", "a/b", "a/+/c", "a/#", "x".repeat(500) + "/b", "a/b/c")) {
      filters.add(new TopicFilter(text));
      subscribers.add(subscriber());
      assertThat(small.tryAdd(filters.get(filters.size() - 1), subscribers.get(filters.size() - 1)))
          .isTrue();
    }
    assertThat(memory.usedBytes()).isPositive();
    for (int i = 0; i < filters.size(); i++) {
      assertThat(small.remove(filters.get(i), subscribers.get(i))).isTrue();
    }
    assertThat(small.empty()).isTrue();
    assertThat(memory.usedBytes()).isZero();
  }

  @Test
  void aNodeDoesNotKeepALongFilterThatIsGone() {
    TrieNode node = TrieNode.of("a/" + "x".repeat(60_000), 0, 1);
    assertThat(node.filter).isEqualTo("a");
    assertThat(node.named("a/b", 0, 1)).isTrue();
  }
}
