package dev.gatehouse.api.shadow;

/** What a shadow request came to. */
public sealed interface ShadowResult {

  /**
   * Done and durable.
   *
   * @param document the JSON that {@code …/accepted} carries, UTF-8; not to be modified
   */
  record Accepted(byte[] document, long version) implements ShadowResult {}

  /**
   * Refused, nothing changed.
   *
   * @param code of the guide's error table, such as 400, 404, 409
   */
  record Rejected(int code, String message) implements ShadowResult {}
}
