package dev.gatehouse.api.identity;

/**
 * An Amazon Resource Name, {@code arn:partition:service:region:account:resource}. The region and
 * account may be empty, the resource may hold colons.
 */
public record Arn(
    String partition, String service, String region, String account, String resource) {

  /**
   * Parses an ARN.
   *
   * @throws IllegalArgumentException if {@code text} does not have six parts that begin with arn
   */
  public static Arn parse(String text) {
    String[] parts = text.split(":", 6);
    if (parts.length != 6 || !parts[0].equals("arn") || parts[5].isEmpty()) {
      throw new IllegalArgumentException(
          "'" + text + "' is not an ARN (arn:partition:service:region:account:resource)");
    }
    return new Arn(parts[1], parts[2], parts[3], parts[4], parts[5]);
  }

  /** The text form. */
  @Override
  public String toString() {
    return "arn:" + partition + ":" + service + ":" + region + ":" + account + ":" + resource;
  }
}
