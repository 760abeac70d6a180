package dev.gatehouse.api.rules.function;

import java.util.Locale;

/**
 * How a function of a {@link FunctionSet} is called. The rules engine refuses a statement that
 * calls it otherwise, so the function itself need not look.
 *
 * @param name lower-case letters, digits and underscores, as in AWS's SQL reference
 * @param minArguments 0 to {@code maxArguments}
 * @param role the argument that is the ARN of a role; the statement must write it out in quotes, so
 *     that the engine knows at the rule's creation which roles the caller passes
 * @param oncePerStatement whether a statement may call it once only
 * @param since2016 whether it needs {@code awsIotSqlVersion} 2016-03-23 or later
 */
public record FunctionSignature(
    String name,
    int minArguments,
    int maxArguments,
    Role role,
    boolean oncePerStatement,
    boolean since2016) {

  /** Validates. */
  public FunctionSignature {
    if (!name.matches("[a-z0-9_]+")) {
      throw new IllegalArgumentException("function name '" + name + "' is not of a-z 0-9 _");
    }
    int fewest = role == Role.NONE ? 0 : role == Role.LAST ? 1 : 2;
    if (minArguments < fewest || maxArguments < minArguments) {
      throw new IllegalArgumentException(
          "function %s has %d to %d arguments, expected a range from %d on"
              .formatted(name, minArguments, maxArguments, fewest));
    }
  }

  /** The argument that is a role. */
  public enum Role {
    /** The function takes no role. */
    NONE,
    /** The second argument, however many follow. */
    SECOND,
    /** The last argument. */
    LAST
  }

  /** A function of every SQL version that takes no role and may be called often. */
  public static FunctionSignature of(String name, int minArguments, int maxArguments) {
    return new FunctionSignature(
        name.toLowerCase(Locale.ROOT), minArguments, maxArguments, Role.NONE, false, false);
  }

  /** The same with a role. */
  public FunctionSignature withRole(Role place) {
    return new FunctionSignature(
        name, minArguments, maxArguments, place, oncePerStatement, since2016);
  }

  /** The same, once per statement. */
  public FunctionSignature once() {
    return new FunctionSignature(name, minArguments, maxArguments, role, true, since2016);
  }

  /** The same, from {@code awsIotSqlVersion} 2016-03-23 on. */
  public FunctionSignature onlySince2016() {
    return new FunctionSignature(name, minArguments, maxArguments, role, oncePerStatement, true);
  }

  /** Whether a call may have so many arguments. */
  public boolean takes(int arguments) {
    return arguments >= minArguments && arguments <= maxArguments;
  }

  /** The index of the role among so many arguments, -1 if the function takes none. */
  public int roleIndex(int arguments) {
    return switch (role) {
      case NONE -> -1;
      case SECOND -> 1;
      case LAST -> arguments - 1;
    };
  }
}
