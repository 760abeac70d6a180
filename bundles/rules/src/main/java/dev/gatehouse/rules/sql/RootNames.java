package dev.gatehouse.rules.sql;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The members of the payload that a statement and its templates name, each with a place. */
final class RootNames {
  private static final int FEW = 16;

  private final List<String> names = new ArrayList<>();
  private byte[][] bytes = new byte[0][];

  /** The places of many names: payloads may have as many members as the statement has names. */
  private final Map<String, Integer> places = new HashMap<>();

  /** The same names, for a statement; nothing is added to it. */
  RootNames copy() {
    RootNames copy = new RootNames();
    copy.names.addAll(names);
    copy.places.putAll(places);
    copy.bytes = bytes.clone();
    return copy;
  }

  /** The place of a name, which is added if it is new; only while the statement is compiled. */
  int place(String name) {
    int place = find(name);
    if (place < 0) {
      place = names.size();
      places.put(name, place);
      names.add(name);
      if (place <= FEW) {
        bytes = Arrays.copyOf(bytes, place + 1);
        bytes[place] = name.getBytes(StandardCharsets.UTF_8);
      }
    }
    return place;
  }

  int size() {
    return names.size();
  }

  int find(String name) {
    return places.getOrDefault(name, -1);
  }

  /** By the bytes of a name without escapes; below zero if it is none of them. */
  @SuppressWarnings("deprecation") // the constructor that copies bytes, since they are ASCII
  int find(byte[] in, int from, int to) {
    if (bytes.length > FEW) {
      return find(new String(in, 0, from, to - from));
    }
    for (int i = 0; i < bytes.length; i++) {
      byte[] name = bytes[i];
      if (name.length == to - from && Arrays.equals(name, 0, name.length, in, from, to)) {
        return i;
      }
    }
    return -1;
  }
}
