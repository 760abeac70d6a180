package dev.gatehouse.api.http;

import java.util.Map;

/**
 * The form of a value where JSON does not show it, as AWS's models describe it. Handlers read and
 * answer JSON; protocols need shapes to find lists in forms and XML, to name elements, and to tell
 * bytes and times from text and numbers. A value without a shape is read as its text looks.
 */
public sealed interface Shape {

  /** Values that are no collections. */
  enum Scalar implements Shape {
    /** No declared type: the value is read as its text looks. */
    ANY,
    /** A number; text in forms and XML. */
    NUMBER,
    /** True or false; text in forms and XML. */
    FLAG,
    /** Bytes; base64 text in JSON, forms and XML. As a whole input: a body that is not JSON. */
    BLOB,
    /** Seconds since 1970 in JSON, ISO 8601 in forms and XML. */
    TIMESTAMP
  }

  /**
   * An array in JSON.
   *
   * @param elementName the name of its elements in forms and XML
   * @param flattened whether the elements stand beside their list's siblings, without an element or
   *     a prefix for the list itself
   */
  record ListOf(Shape element, String elementName, boolean flattened) implements Shape {}

  /**
   * An object with any keys in JSON; in forms and XML a list of entries.
   *
   * @param entryName the name of an entry
   * @param keyName the name of the key in an entry
   * @param valueName the name of the value in an entry
   * @param flattened whether the entries stand beside their map's siblings
   */
  record MapOf(Shape value, String entryName, String keyName, String valueName, boolean flattened)
      implements Shape {}

  /**
   * An object with members of these shapes.
   *
   * @param members by their names in JSON; others have no shape
   */
  record Structure(Map<String, Shape> members) implements Shape {
    /** Copies the members. */
    public Structure {
      members = Map.copyOf(members);
    }
  }

  /** An object none of whose members needs a shape. */
  static Structure structure() {
    return new Structure(Map.of());
  }

  /** An object with members of these shapes. */
  static Structure structure(Map<String, Shape> members) {
    return new Structure(members);
  }

  /** A list whose elements are called {@code member}. */
  static ListOf list(Shape element) {
    return new ListOf(element, "member", false);
  }

  /** A flattened list. */
  static ListOf flatList(String elementName, Shape element) {
    return new ListOf(element, elementName, true);
  }

  /** A map of {@code entry} with {@code key} and {@code value}. */
  static MapOf map(Shape value) {
    return new MapOf(value, "entry", "key", "value", false);
  }

  /** A flattened map. */
  static MapOf flatMap(String entryName, String keyName, String valueName, Shape value) {
    return new MapOf(value, entryName, keyName, valueName, true);
  }
}
