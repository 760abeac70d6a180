package dev.gatehouse.broker;

import dev.gatehouse.api.message.TopicFilter;
import dev.gatehouse.api.message.TopicName;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** One account's subscriptions, with the latest look-ups kept until something changes. */
final class AccountTopics {
  private static final int KEPT = 4096;

  private final TopicTree<Subscriber> tree = new TopicTree<>();
  private final Map<String, Recipients> kept = new ConcurrentHashMap<>();

  void add(TopicFilter filter, Subscriber subscriber) {
    tree.add(filter, subscriber);
  }

  void remove(TopicFilter filter, Subscriber subscriber) {
    tree.remove(filter, subscriber);
  }

  Recipients recipients(TopicName topic) {
    long revision = tree.revision(); // before the look-up: a change meanwhile makes it stale
    @Nullable Recipients known = kept.get(topic.value());
    if (known != null && known.revision() == revision) {
      return known;
    }
    Recipients found = Recipients.of(revision, tree.match(topic));
    if (kept.size() >= KEPT) {
      kept.clear();
    }
    kept.put(topic.value(), found);
    return found;
  }
}
