package dev.gatehouse.iam.operation;

import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.http.ApiRequest;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.iam.directory.Kind;
import dev.gatehouse.iam.service.IamErrors;
import java.util.Optional;
import java.util.regex.Pattern;

/** The parameters of a call, checked. */
record Input(ApiRequest request) {
  private static final Pattern NAME = Pattern.compile("[\\w+=,.@-]+", Pattern.UNICODE_CASE);
  private static final Pattern PATH = Pattern.compile("/|/[!-~]{1,510}/");

  Account account() {
    return request.account();
  }

  Optional<String> get(String parameter) {
    return request.query(parameter).filter(value -> !value.isEmpty());
  }

  String require(String parameter) {
    return get(parameter).orElseThrow(() -> invalid("The parameter " + parameter + " is missing."));
  }

  /** How many parameters are named as members of a list are: the prefix, a number, the suffix. */
  long members(String prefix, String suffix) {
    return request.query().keySet().stream()
        .filter(name -> name.startsWith(prefix) && name.endsWith(suffix))
        .count();
  }

  static ServiceException invalid(String message) {
    return new ServiceException(IamErrors.INVALID_INPUT, message);
  }

  /** What would take rights away is refused rather than left out where it is not served. */
  void withoutBoundary() {
    if (get("PermissionsBoundary").isPresent()) {
      throw new ServiceException(
          ErrorCode.NOT_IMPLEMENTED, "permissions boundaries are not served by this gateway");
    }
  }

  /** The name of an entity, such as {@code UserName}. */
  String name(Kind kind) {
    return name(kind.title() + "Name", kind.nameLength());
  }

  /** A name that must be given. */
  String name(String parameter, int maxLength) {
    return checked(parameter, require(parameter), maxLength);
  }

  static String checked(String parameter, String name, int maxLength) {
    if (name.length() > maxLength || !NAME.matcher(name).matches()) {
      throw invalid(
          "%s '%s' is not 1 to %d of a-z A-Z 0-9 _ + = , . @ -"
              .formatted(parameter, name, maxLength));
    }
    return name;
  }

  /** A path, {@code /} unless given. */
  String path(String parameter) {
    String path = get(parameter).orElse("/");
    if (!PATH.matcher(path).matches()) {
      throw invalid(parameter + " '" + path + "' does not begin and end with a slash.");
    }
    return path;
  }

  boolean flag(String parameter) {
    String value = get(parameter).orElse("false");
    if (!value.equalsIgnoreCase("true") && !value.equalsIgnoreCase("false")) {
      throw invalid(parameter + " must be true or false, not '" + value + "'.");
    }
    return value.equalsIgnoreCase("true");
  }

  int number(String parameter, int absent, int lowest, int highest) {
    String text = get(parameter).orElse(Integer.toString(absent));
    int value;
    try {
      value = Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw invalid(parameter + " must be a number, not '" + text + "'.");
    }
    if (value < lowest || value > highest) {
      throw invalid("%s must be %d to %d, not %d.".formatted(parameter, lowest, highest, value));
    }
    return value;
  }
}
