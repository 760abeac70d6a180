package dev.gatehouse.broker;

import dev.gatehouse.api.message.TopicFilter;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The shared subscriptions of one account, each of which stands in the trie once. */
final class Shares {
  private final TopicTrie trie;
  private final Map<TopicFilter, ShareGroup> groups = new HashMap<>(); // guarded by this

  Shares(TopicTrie trie) {
    this.trie = trie;
  }

  /** The member whose turn it is; null if there is none that can take anything. */
  @Nullable SessionSubscription pick(TopicFilter filter) {
    ShareGroup group;
    synchronized (this) {
      group = groups.get(filter);
    }
    return group == null ? null : group.pick();
  }

  /** A member comes, goes or changes; {@code filter} is of the form {@code $share/NAME/FILTER}. */
  synchronized void change(
      TopicFilter filter,
      @Nullable SessionSubscription before,
      @Nullable SessionSubscription after) {
    ShareGroup group = groups.get(filter);
    if (group == null) {
      group = new ShareGroup();
      groups.put(filter, group);
      trie.add(filter.unshared(), group);
    }
    if (group.replace(before, after) == 0) {
      groups.remove(filter);
      trie.remove(filter.unshared(), group);
    }
  }
}
