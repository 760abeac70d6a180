package dev.gatehouse.iam.directory;

import java.util.Collection;
import java.util.Collections;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Labels.
 *
 * @param values by key; keys that differ only in case are the same
 */
public record Tags(SortedMap<String, String> values) {
  /** Without labels. */
  public static final Tags NONE = new Tags(Collections.emptySortedMap());

  /** Copies the map. */
  public Tags {
    SortedMap<String, String> copy = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    copy.putAll(values);
    values = Collections.unmodifiableSortedMap(copy);
  }

  /** With these, in place of those of the same key. */
  public Tags plus(Tags more) {
    NavigableMap<String, String> next = copy();
    more.values.keySet().forEach(next::remove); // put would keep the case of the old key
    next.putAll(more.values);
    return new Tags(next);
  }

  /** Without those of these keys. */
  public Tags minus(Collection<String> keys) {
    NavigableMap<String, String> next = copy();
    keys.forEach(next::remove);
    return new Tags(next);
  }

  private NavigableMap<String, String> copy() {
    return new TreeMap<>(values);
  }
}
