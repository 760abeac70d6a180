package dev.gatehouse.registry;

import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.identity.Arn;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** What names, attributes and texts may be (guide: Managing Things, AWS IoT Limits). */
final class Validation {
  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9:_-]{1,128}");
  private static final Pattern ATTRIBUTE = Pattern.compile("[a-zA-Z0-9_.,@/:#-]{1,128}");
  private static final Pattern VALUE = Pattern.compile("[a-zA-Z0-9_.,@/:#-]{0,800}");
  private static final Pattern DESCRIPTION = Pattern.compile("[\\p{Graph}\\x20]{0,2028}");
  private static final int WITHOUT_TYPE = 3;
  private static final int WITH_TYPE = 50;
  private static final int SEARCHABLE = 3;

  private Validation() {}

  /** A name of a thing, type or group; {@code member} is what the API calls it. */
  static String name(String member, String name) {
    if (!NAME.matcher(name).matches()) {
      throw invalid(member + " '" + name + "' is not 1 to 128 of a-z A-Z 0-9 : _ -");
    }
    return name;
  }

  static String description(String member, String text) {
    if (!DESCRIPTION.matcher(text).matches()) {
      throw invalid(member + " is not up to 2028 printable ASCII characters");
    }
    return text;
  }

  static void attributes(Map<String, String> attributes) {
    attributes.forEach(
        (name, value) -> {
          attributeName(name);
          if (!VALUE.matcher(value).matches()) {
            throw invalid(
                "the value of attribute '"
                    + name
                    + "' is not up to 800 of a-z A-Z 0-9 _ . , @ / : # -");
          }
        });
  }

  static void attributeName(String name) {
    if (!ATTRIBUTE.matcher(name).matches()) {
      throw invalid("attribute name '" + name + "' is not 1 to 128 of a-z A-Z 0-9 _ . , @ / : # -");
    }
  }

  static void attributeCount(int count, Optional<String> type) {
    int limit = type.isPresent() ? WITH_TYPE : WITHOUT_TYPE;
    if (count > limit) {
      throw invalid(
          "a thing %s a type has at most %d attributes, not %d"
              .formatted(type.isPresent() ? "with" : "without", limit, count));
    }
  }

  /** Attributes of a group, which is as good as a thing with a type. */
  static void groupAttributes(Map<String, String> attributes) {
    attributes(attributes);
    if (attributes.size() > WITH_TYPE) {
      throw invalid("a group has at most " + WITH_TYPE + " attributes, not " + attributes.size());
    }
  }

  static void searchable(List<String> names) {
    names.forEach(Validation::attributeName);
    if (names.size() > SEARCHABLE) {
      throw invalid(
          "a thing type has at most " + SEARCHABLE + " searchable attributes, not " + names.size());
    }
    if (names.stream().distinct().count() < names.size()) {
      throw invalid("searchableAttributes names an attribute twice");
    }
  }

  static ServiceException invalid(String message) {
    return new ServiceException(ErrorCode.INVALID_REQUEST, message);
  }

  static ServiceException notFound(String kind, String name) {
    return new ServiceException(
        ErrorCode.RESOURCE_NOT_FOUND, "there is no " + kind + " named '" + name + "'");
  }

  static ServiceException absent(Arn resource) {
    return new ServiceException(ErrorCode.RESOURCE_NOT_FOUND, "there is no " + resource);
  }

  /** In AWS's words where they are known: of things and thing groups. */
  static ServiceException exists(String kind, String name, String arn) {
    String text =
        switch (kind) {
          case "thing" -> "Thing %s already exists in account with different attributes";
          case "thing group" ->
              "Thing Group %s already exists in current account with different properties";
          default -> "a " + kind + " named '%s' exists already with other properties";
        };
    return new ServiceException(
        ErrorCode.RESOURCE_ALREADY_EXISTS,
        text.formatted(name),
        Map.of("resourceId", name, "resourceArn", arn),
        null);
  }

  static void expect(Optional<Long> version, long actual, String kind, String name) {
    if (version.isPresent() && version.get() != actual) {
      throw new ServiceException(
          RegistryErrors.VERSION_CONFLICT,
          "The version for %s %s does not match the expected version. It is %d, not %d"
              .formatted(kind, name, actual, version.get()));
    }
  }
}
