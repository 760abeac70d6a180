package dev.gatehouse.identity.policy;

import java.util.List;
import java.util.stream.Stream;

/**
 * One statement.
 *
 * @param allow whether its effect is Allow
 * @param actions patterns of {@code Action}, or of {@code NotAction} if {@code notActions}
 * @param resources patterns of {@code Resource}, or of {@code NotResource} if {@code notResources}
 */
record Statement(
    boolean allow,
    boolean notActions,
    List<Pattern> actions,
    boolean notResources,
    List<Pattern> resources,
    List<Condition> conditions) {

  boolean applies(String action, String resource, Values variables) {
    // What cannot be decided must not give rights: it matches a Deny, and a NotResource of an
    // Allow.
    return any(actions, action, variables, notActions == allow) != notActions
        && any(resources, resource, variables, notResources == allow) != notResources
        && conditions.stream().allMatch(condition -> condition.holds(variables, !allow));
  }

  /** The names of the variables and condition keys that it asks for. */
  Stream<String> variables() {
    return Stream.concat(
        Stream.concat(actions.stream(), resources.stream()).flatMap(Pattern::variables),
        conditions.stream().flatMap(Condition::variables));
  }

  private static boolean any(
      List<Pattern> patterns, String text, Values variables, boolean undecided) {
    for (Pattern pattern : patterns) {
      if (pattern.matches(text, variables, undecided)) {
        return true;
      }
    }
    return false;
  }
}
