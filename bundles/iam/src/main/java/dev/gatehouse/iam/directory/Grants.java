package dev.gatehouse.iam.directory;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The policies on a user, group or role.
 *
 * @param inline documents by name
 * @param attached ARNs of managed policies, in the order they were attached
 */
public record Grants(SortedMap<String, String> inline, List<String> attached) {
  /** None. */
  public static final Grants NONE = new Grants(new TreeMap<>(), List.of());

  /** Copies. */
  public Grants {
    inline = Collections.unmodifiableSortedMap(new TreeMap<>(inline));
    attached = List.copyOf(attached);
  }

  /** With a document, in place of one of that name. */
  public Grants put(String name, String document) {
    SortedMap<String, String> next = new TreeMap<>(inline);
    next.put(name, document);
    return new Grants(next, attached);
  }

  /** Without a document. */
  public Grants remove(String name) {
    SortedMap<String, String> next = new TreeMap<>(inline);
    next.remove(name);
    return new Grants(next, attached);
  }

  /** With a managed policy, once. */
  public Grants attach(String arn) {
    if (attached.contains(arn)) {
      return this;
    }
    List<String> next = new ArrayList<>(attached);
    next.add(arn);
    return new Grants(inline, next);
  }

  /** Without a managed policy. */
  public Grants detach(String arn) {
    return new Grants(inline, attached.stream().filter(other -> !other.equals(arn)).toList());
  }

  /** Whether there is nothing. */
  public boolean isEmpty() {
    return inline.isEmpty() && attached.isEmpty();
  }
}
