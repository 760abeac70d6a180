package dev.gatehouse.http.protocol;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A form or an XML element as a tree of named texts. Not thread-safe. */
final class WireTree {
  /** Heap of a node with its place in its parent, in bytes. */
  static final int NODE_BYTES = 200;

  /** Nodes below each other, at most. */
  static final int MAX_DEPTH = 32;

  String text = "";
  boolean isNumbered; // an element of a list, also where it is the only one
  private final Map<String, List<WireTree>> children = new LinkedHashMap<>();

  Map<String, List<WireTree>> children() {
    return children;
  }

  void add(String name, WireTree child) {
    children.computeIfAbsent(name, unused -> new ArrayList<>(1)).add(child);
  }
}
