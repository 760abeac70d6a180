package dev.gatehouse.api.identity;

import java.util.regex.Pattern;

/**
 * The scope that every resource lives in: two accounts never see each other's topics, things or
 * shadows.
 *
 * @param id twelve decimal digits
 * @param region a region name such as {@code us-east-1}
 */
public record Account(String id, String region) {
  private static final Pattern ID = Pattern.compile("\\d{12}");
  private static final Pattern REGION = Pattern.compile("[a-z]{2}(-[a-z]+)+-\\d");

  /**
   * Validates both parts.
   *
   * @throws IllegalArgumentException if either has another form
   */
  public Account {
    if (!ID.matcher(id).matches()) {
      throw new IllegalArgumentException("account id '" + id + "' is not twelve digits");
    }
    if (!REGION.matcher(region).matches()) {
      throw new IllegalArgumentException("region '" + region + "' is not like us-east-1");
    }
  }

  /** The account's resource in a service, for instance {@code iot} and {@code thing/bulb}. */
  public Arn arn(String service, String resource) {
    return new Arn("aws", service, region, id, resource);
  }

  /** {@code id/region}: the prefix of this account's keys in the store and of its log entries. */
  @Override
  public String toString() {
    return id + "/" + region;
  }
}
