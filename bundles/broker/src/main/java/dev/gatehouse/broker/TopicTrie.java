package dev.gatehouse.broker;

import dev.gatehouse.api.memory.MemoryShare;
import dev.gatehouse.api.message.TopicFilter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who subscribed to what in one account. {@link #match} takes no lock; writers come one after the
 * other. A reader that runs beside a writer sees the trie before or after the change; whoever keeps
 * an answer keeps the revision that it read before asking.
 */
final class TopicTrie {
  private final MemoryShare memory;
  private volatile boolean parentMatch;
  private final TrieNode root = TrieNode.nameless();
  private volatile long revision;
  private volatile int size;

  /** With {@code parentMatch} the filter {@code a/#} also matches {@code a}. */
  TopicTrie(boolean parentMatch, MemoryShare memory) {
    this.parentMatch = parentMatch;
    this.memory = memory;
  }

  synchronized void parentMatch(boolean matches) {
    parentMatch = matches;
    changed(0);
  }

  /** Grows with every change, after the change is visible. */
  long revision() {
    return revision;
  }

  /** Number of subscribers. */
  int size() {
    return size;
  }

  /** True if nothing at all is left, not even an empty node. */
  boolean empty() {
    return root.empty();
  }

  /** About the bytes of all levels of a filter. */
  static long bytes(TopicFilter filter) {
    String text = filter.value();
    long bytes = 0;
    for (int from = 0, to; from <= text.length(); from = to + 1) {
      to = endOfLevel(text, from);
      bytes += TrieNode.bytes(to - from);
    }
    return bytes;
  }

  /** Adds a subscriber if there is memory for the levels that are new. */
  synchronized boolean tryAdd(TopicFilter filter, Subscriber subscriber) {
    if (!memory.tryTake(missingBytes(filter.value()))) {
      return false;
    }
    insert(filter, subscriber);
    return true;
  }

  /** Adds a subscriber, whether there is memory or not. */
  synchronized void add(TopicFilter filter, Subscriber subscriber) {
    memory.take(missingBytes(filter.value()));
    insert(filter, subscriber);
  }

  /** About the bytes of the nodes that a filter needs and that are not there. */
  private long missingBytes(String text) {
    long bytes = 0;
    @Nullable TrieNode node = root;
    for (int from = 0, to; from <= text.length(); from = to + 1) {
      to = endOfLevel(text, from);
      TrieChildren children = node == null ? null : node.children;
      node = children == null ? null : children.get(text, from, to);
      if (node == null) {
        bytes += TrieNode.bytes(to - from);
      }
    }
    return bytes;
  }

  private void insert(TopicFilter filter, Subscriber subscriber) {
    String text = filter.value();
    TrieNode node = root;
    for (int from = 0, to; from <= text.length(); from = to + 1) {
      to = endOfLevel(text, from);
      TrieChildren children = node.children;
      if (children == null) {
        children = new TrieChildren();
        node.children = children;
      }
      node = children.obtain(text, from, to);
    }
    node.add(subscriber);
    changed(1);
  }

  /** Replaces a subscriber in one step: no message in between misses both. */
  synchronized void replace(TopicFilter filter, Subscriber old, Subscriber subscriber) {
    path(filter).getLast().replace(old, subscriber);
    changed(0);
  }

  /** Takes a subscriber away; false if it was not there. */
  synchronized boolean remove(TopicFilter filter, Subscriber subscriber) {
    Deque<TrieNode> path = path(filter);
    TrieNode node = path.removeLast();
    if (!node.remove(subscriber)) {
      return false;
    }
    while (node.empty() && !path.isEmpty()) {
      TrieNode parent = path.removeLast();
      TrieChildren children = parent.children;
      memory.release(TrieNode.bytes(node.to - node.from));
      if (children != null) {
        children.remove(node);
        if (children.empty()) {
          parent.children = null;
        }
      }
      node = parent;
    }
    changed(-1);
    return true;
  }

  private synchronized void changed(int more) {
    size += more;
    revision++;
  }

  /** The nodes from the root to the filter's; a node of no trie if there is none. */
  private Deque<TrieNode> path(TopicFilter filter) {
    String text = filter.value();
    Deque<TrieNode> path = new ArrayDeque<>();
    TrieNode node = root;
    path.add(node);
    for (int from = 0, to; from <= text.length(); from = to + 1) {
      to = endOfLevel(text, from);
      TrieChildren children = node.children;
      TrieNode child = children == null ? null : children.get(text, from, to);
      if (child == null) {
        return new ArrayDeque<>(List.of(TrieNode.nameless()));
      }
      path.add(child);
      node = child;
    }
    return path;
  }

  /** The subscribers of a topic; a session comes once. Not to be modified. */
  Subscriber[] match(String topic) {
    Matches matches = new Matches();
    boolean wildcards = topic.charAt(0) != '$';
    @Nullable TrieNode node = root;
    int from = 0;
    // The wildcards' branches wait here; a stack of our own, since topics may have 65,535 levels.
    @Nullable Branch waiting = null;
    while (node != null) {
      TrieChildren children = node.children;
      if (from > topic.length()) {
        matches.add(node.subscribers);
        if (children != null && parentMatch && node != root) {
          addRest(matches, children);
        }
        node = null;
      } else if (children == null) {
        node = null;
      } else {
        int to = endOfLevel(topic, from);
        if (wildcards || node != root) {
          addRest(matches, children);
          TrieNode any = children.anyLevel;
          if (any != null) {
            waiting = new Branch(any, to + 1, waiting);
          }
        }
        node = children.find(topic, from, to);
        from = to + 1;
      }
      if (node == null && waiting != null) {
        node = waiting.node;
        from = waiting.from;
        waiting = waiting.next;
      }
    }
    return matches.subscribers();
  }

  private static void addRest(Matches matches, TrieChildren children) {
    TrieNode rest = children.anyRest;
    if (rest != null) {
      matches.add(rest.subscribers);
    }
  }

  private static int endOfLevel(String text, int from) {
    int slash = text.indexOf('/', from);
    return slash < 0 ? text.length() : slash;
  }

  private record Branch(TrieNode node, int from, @Nullable Branch next) {}
}
