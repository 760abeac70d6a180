package dev.gatehouse.broker;

import dev.gatehouse.api.memory.MemoryShare;
import dev.gatehouse.api.message.TopicFilter;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The shared subscriptions of one account, each of which stands in the trie once. */
final class Shares {
  private static final int GROUP_BYTES = 250; // with its place in the map and in the trie

  private final TopicTrie trie;
  private final MemoryShare memory;
  private final Map<TopicFilter, ShareGroup> groups = new HashMap<>(); // guarded by this

  Shares(TopicTrie trie, MemoryShare memory) {
    this.trie = trie;
    this.memory = memory;
  }

  /** The member whose turn it is; null if there is none that can take anything. */
  @Nullable SessionSubscription pick(TopicFilter filter) {
    ShareGroup group;
    synchronized (this) {
      group = groups.get(filter);
    }
    return group == null ? null : group.pick();
  }

  /**
   * A member comes if there is memory for it; {@code filter} is of the form {@code
   * $share/NAME/FILTER}.
   */
  synchronized boolean tryAdd(TopicFilter filter, SessionSubscription member) {
    ShareGroup group = groups.get(filter);
    if (group == null) {
      ShareGroup created = new ShareGroup();
      if (!memory.tryTake(bytes(filter))) {
        return false;
      }
      if (!trie.tryAdd(filter.unshared(), created)) {
        memory.release(bytes(filter));
        return false;
      }
      groups.put(filter, created);
      group = created;
    }
    group.replace(null, member);
    return true;
  }

  /** A member comes, goes or changes, whether there is memory or not. */
  synchronized void change(
      TopicFilter filter,
      @Nullable SessionSubscription before,
      @Nullable SessionSubscription after) {
    ShareGroup group = groups.get(filter);
    if (group == null) {
      group = new ShareGroup();
      memory.take(bytes(filter));
      groups.put(filter, group);
      trie.add(filter.unshared(), group);
    }
    if (group.replace(before, after) == 0) {
      groups.remove(filter);
      trie.remove(filter.unshared(), group);
      memory.release(bytes(filter));
    }
  }

  private static long bytes(TopicFilter filter) {
    return GROUP_BYTES + 2L * filter.value().length();
  }
}
