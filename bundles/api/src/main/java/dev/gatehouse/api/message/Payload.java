package dev.gatehouse.api.message;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The bytes of a message. Immutable by contract; its text form never shows the content. */
public final class Payload {
  /** No bytes. */
  public static final Payload EMPTY = new Payload(new byte[0]);

  private final byte[] bytes;

  private Payload(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Takes ownership of the array, which must not be modified any more. */
  public static Payload of(byte[] bytes) {
    return bytes.length == 0 ? EMPTY : new Payload(bytes);
  }

  /** The UTF-8 form of a text. */
  public static Payload ofText(String text) {
    return of(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The bytes themselves, not a copy; do not modify. */
  public byte[] bytes() {
    return bytes;
  }

  /** Length in bytes. */
  public int length() {
    return bytes.length;
  }

  /** The bytes read as UTF-8, with replacement characters where they are not. */
  public String text() {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Payload that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return bytes.length + " bytes";
  }
}
