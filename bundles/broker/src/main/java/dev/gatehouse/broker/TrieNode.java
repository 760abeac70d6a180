package dev.gatehouse.broker;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One level of filters. Written under the trie's lock, read without; what readers see of {@link
 * #subscribers} never changes in place.
 */
final class TrieNode {
  private static final int NODE_BYTES = 168; // with its table, its place in one and its text
  private static final int COPIED = 64; // characters

  // the level is filter[from, to): of a filter that mostly lives as long, and needs no copy
  final String filter;
  final int from;
  final int to;
  // null, one Subscriber, or a Subscriber[] of at least two: most nodes of a large trie have one
  volatile @Nullable Object subscribers;
  volatile @Nullable TrieChildren children;

  TrieNode(String filter, int from, int to) {
    this.filter = filter;
    this.from = from;
    this.to = to;
  }

  /** A node for a level; it does not keep a long filter in memory that may be gone before it. */
  static TrieNode of(String filter, int from, int to) {
    return filter.length() <= COPIED
        ? new TrieNode(filter, from, to)
        : new TrieNode(filter.substring(from, to), 0, to - from);
  }

  /** About the bytes that a node for a level of so many characters takes. */
  static long bytes(int characters) {
    return NODE_BYTES + 2L * characters;
  }

  /** A node that is no level of a filter. */
  static TrieNode nameless() {
    return new TrieNode("", 0, 0);
  }

  boolean named(String text, int start, int end) {
    int length = to - from;
    return end - start == length && text.regionMatches(start, filter, from, length);
  }

  boolean empty() {
    return subscribers == null && children == null;
  }

  void add(Subscriber subscriber) {
    Object now = subscribers;
    if (now == null) {
      subscribers = subscriber;
    } else if (now instanceof Subscriber[] many) {
      Subscriber[] more = Arrays.copyOf(many, many.length + 1);
      more[many.length] = subscriber;
      subscribers = more;
    } else {
      subscribers = new Subscriber[] {(Subscriber) now, subscriber};
    }
  }

  /** Puts one subscriber in the place of another, which is there. */
  void replace(Subscriber old, Subscriber subscriber) {
    if (subscribers instanceof Subscriber[] many) {
      Subscriber[] changed = many.clone();
      changed[Arrays.asList(many).indexOf(old)] = subscriber;
      subscribers = changed;
    } else {
      subscribers = subscriber;
    }
  }

  /** False if it was not there. */
  boolean remove(Subscriber subscriber) {
    Object now = subscribers;
    if (now == subscriber) {
      subscribers = null;
      return true;
    }
    if (!(now instanceof Subscriber[] many)) {
      return false;
    }
    int index = Arrays.asList(many).indexOf(subscriber);
    if (index < 0) {
      return false;
    }
    if (many.length == 2) {
      subscribers = many[1 - index];
    } else {
      Subscriber[] fewer = Arrays.copyOf(many, many.length - 1);
      System.arraycopy(many, index + 1, fewer, index, fewer.length - index);
      subscribers = fewer;
    }
    return true;
  }
}
