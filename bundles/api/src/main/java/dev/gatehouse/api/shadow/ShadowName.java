package dev.gatehouse.api.shadow;

import dev.gatehouse.api.identity.Account;
import java.util.regex.Pattern;

/**
 * Which shadow.
 *
 * @param thingName 1 to 128 of {@code a-z A-Z 0-9 : _ -}
 * @param shadowName empty for the classic shadow, else 1 to 64 of the same characters, and {@code
 *     $}
 */
public record ShadowName(Account account, String thingName, String shadowName) {
  private static final Pattern THING = Pattern.compile("[a-zA-Z0-9:_-]{1,128}");
  private static final Pattern SHADOW = Pattern.compile("[$a-zA-Z0-9:_-]{0,64}");

  /**
   * Validates.
   *
   * @throws IllegalArgumentException if a name has another form
   */
  public ShadowName {
    if (!THING.matcher(thingName).matches()) {
      throw new IllegalArgumentException(
          "thing name '" + thingName + "' is not 1 to 128 of a-z A-Z 0-9 : _ -");
    }
    if (!SHADOW.matcher(shadowName).matches()) {
      throw new IllegalArgumentException(
          "shadow name '" + shadowName + "' is not 1 to 64 of a-z A-Z 0-9 : _ - $");
    }
  }
}
