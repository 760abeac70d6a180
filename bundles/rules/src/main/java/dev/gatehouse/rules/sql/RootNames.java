package dev.gatehouse.rules.sql;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The members of the payload that a statement and its templates name, each with a place. */
final class RootNames {
  private final List<String> names = new ArrayList<>();
  private byte[][] bytes = new byte[0][];

  /** The place of a name, which is added if it is new; only while the statement is compiled. */
  int place(String name) {
    int place = names.indexOf(name);
    if (place < 0) {
      place = names.size();
      names.add(name);
      bytes = Arrays.copyOf(bytes, place + 1);
      bytes[place] = name.getBytes(StandardCharsets.UTF_8);
    }
    return place;
  }

  int size() {
    return names.size();
  }

  int find(String name) {
    return names.indexOf(name);
  }

  /** By the bytes of a name without escapes; below zero if it is none of them. */
  int find(byte[] in, int from, int to) {
    for (int i = 0; i < bytes.length; i++) {
      byte[] name = bytes[i];
      if (name.length == to - from && Arrays.equals(name, 0, name.length, in, from, to)) {
        return i;
      }
    }
    return -1;
  }
}
