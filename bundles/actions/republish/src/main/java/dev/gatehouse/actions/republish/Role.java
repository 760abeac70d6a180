package dev.gatehouse.actions.republish;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The IAM role that a rule acts as, by name. */
record Role(String name) {
  private static final Pattern ARN =
      Pattern.compile("arn:aws[a-z-]*:iam::\\d{12}:role/(?:[!-.0-~]+/)*([\\w+=,.@-]{1,64})");

  /**
   * By its ARN.
   *
   * @throws IllegalArgumentException if it has another form
   */
  static Role of(String arn) {
    Matcher matcher = ARN.matcher(arn);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "roleArn '" + arn + "' is not like arn:aws:iam::123456789012:role/name");
    }
    return new Role(matcher.group(1));
  }
}
