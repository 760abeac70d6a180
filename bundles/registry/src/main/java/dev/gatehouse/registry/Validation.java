package dev.gatehouse.registry;

import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.json.JsonBody;
import java.util.Map;
import java.util.regex.Pattern;

/** What names and attributes may be (guide: Managing Things, AWS IoT Limits). */
final class Validation {
  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9:_-]{1,128}");
  private static final Pattern ATTRIBUTE = Pattern.compile("[a-zA-Z0-9_.,@/:#-]{1,128}");
  private static final Pattern VALUE = Pattern.compile("[a-zA-Z0-9_.,@/:#-]{0,800}");
  private static final int MAX_ATTRIBUTES = 3;

  private Validation() {}

  static String thingName(String name) {
    if (!NAME.matcher(name).matches()) {
      throw invalid("thingName '" + name + "' is not 1 to 128 of a-z A-Z 0-9 : _ -");
    }
    return name;
  }

  static void attributes(Map<String, String> attributes) {
    if (attributes.size() > MAX_ATTRIBUTES) {
      throw invalid(
          "a thing without a type has at most "
              + MAX_ATTRIBUTES
              + " attributes, not "
              + attributes.size());
    }
    attributes.forEach(
        (name, value) -> {
          if (!ATTRIBUTE.matcher(name).matches()) {
            throw invalid(
                "attribute name '" + name + "' is not 1 to 128 of a-z A-Z 0-9 _ . , @ / : # -");
          }
          if (!VALUE.matcher(value).matches()) {
            throw invalid(
                "the value of attribute '"
                    + name
                    + "' is not up to 800 of a-z A-Z 0-9 _ . , @ / : # -");
          }
        });
  }

  /** Thing types are not served yet: better to say so than to forget what was asked for. */
  static void noType(JsonBody body) {
    if (body.text("thingTypeName").isPresent()) {
      throw new ServiceException(
          ErrorCode.NOT_IMPLEMENTED, "thing types are not served by this gateway yet");
    }
  }

  static ServiceException invalid(String message) {
    return new ServiceException(ErrorCode.INVALID_REQUEST, message);
  }
}
