package dev.gatehouse.broker;

import dev.gatehouse.api.message.TopicFilter;
import dev.gatehouse.api.message.TopicName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Who subscribed to what, as a tree of levels. Look-ups take no lock; changes take one and leave no
 * empty nodes behind.
 *
 * @param <S> a subscriber; equality decides what is removed
 */
final class TopicTree<S> {
  private final Node<S> root = new Node<>();
  private volatile long revision;

  private static final class Node<S> {
    volatile @Nullable Map<String, Node<S>> children; // made on first use
    volatile List<S> subscribers = List.of(); // replaced, never changed

    boolean empty() {
      Map<String, Node<S>> map = children;
      return subscribers.isEmpty() && (map == null || map.isEmpty());
    }
  }

  /** Changes with every change of the tree. */
  long revision() {
    return revision;
  }

  synchronized void add(TopicFilter filter, S subscriber) {
    Node<S> node = root;
    for (String level : levels(filter.value())) {
      Map<String, Node<S>> children = node.children;
      if (children == null) {
        children = new ConcurrentHashMap<>(4);
        node.children = children;
      }
      node = children.computeIfAbsent(level, name -> new Node<>());
    }
    List<S> more = new ArrayList<>(node.subscribers);
    more.add(subscriber);
    node.subscribers = List.copyOf(more);
    revision = revision + 1;
  }

  synchronized void remove(TopicFilter filter, S subscriber) {
    remove(root, levels(filter.value()), 0, subscriber);
    revision = revision + 1;
  }

  private static <S> void remove(Node<S> start, List<String> levels, int depth, S subscriber) {
    List<Node<S>> path = new ArrayList<>(List.of(start));
    for (String level : levels) {
      Map<String, Node<S>> children = path.get(path.size() - 1).children;
      Node<S> child = children == null ? null : children.get(level);
      if (child == null) {
        return;
      }
      path.add(child);
    }
    Node<S> last = path.get(path.size() - 1);
    List<S> fewer = new ArrayList<>(last.subscribers);
    fewer.remove(subscriber);
    last.subscribers = List.copyOf(fewer);
    for (int i = path.size() - 1; i > depth && path.get(i).empty(); i--) {
      Map<String, Node<S>> siblings = path.get(i - 1).children;
      if (siblings != null) {
        siblings.remove(levels.get(i - 1));
        if (siblings.isEmpty()) {
          path.get(i - 1).children = null;
        }
      }
    }
  }

  /** Every subscriber whose filter matches, once for each such filter. */
  List<S> match(TopicName topic) {
    List<String> levels = levels(topic.value());
    List<S> found = new ArrayList<>();
    // A stack of our own: a topic of thirty thousand levels must not use up the thread's.
    List<Node<S>> nodes = new ArrayList<>(List.of(root));
    boolean dollar = topic.value().charAt(0) == '$';
    for (int depth = 0; depth <= levels.size() && !nodes.isEmpty(); depth++) {
      boolean wildcards = depth > 0 || !dollar; // [MQTT-4.7.2-1]
      List<Node<S>> next = new ArrayList<>();
      for (Node<S> node : nodes) {
        Map<String, Node<S>> children = node.children;
        if (depth == levels.size()) {
          found.addAll(node.subscribers);
        }
        if (children == null) {
          continue;
        }
        if (wildcards) {
          Node<S> rest = children.get("#"); // also matches the level above it
          if (rest != null) {
            found.addAll(rest.subscribers);
          }
        }
        if (depth < levels.size()) {
          add(next, children.get(levels.get(depth)));
          add(next, wildcards ? children.get("+") : null);
        }
      }
      nodes = next;
    }
    return found;
  }

  private static <S> void add(List<Node<S>> nodes, @Nullable Node<S> node) {
    if (node != null) {
      nodes.add(node);
    }
  }

  boolean empty() {
    return root.empty();
  }

  private static List<String> levels(String text) {
    List<String> levels = new ArrayList<>(8);
    int start = 0;
    for (int slash = text.indexOf('/'); slash >= 0; slash = text.indexOf('/', start)) {
      levels.add(text.substring(start, slash));
      start = slash + 1;
    }
    levels.add(text.substring(start));
    return levels;
  }
}
