package dev.gatehouse.rules.delivery;

import dev.gatehouse.api.rules.action.ActionSettings;
import dev.gatehouse.api.rules.action.RuleAction;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Where a lane leads: an action of a rule as it is now.
 *
 * @param settings as in the rule
 * @param templated the names whose values come with each parcel
 */
public record Target(
    String ruleName,
    String failureName,
    RuleAction action,
    Map<String, String> settings,
    Set<String> templated) {

  /** A parcel that waited goes by the settings of now, but for what its own message said. */
  ActionSettings settings(Parcel parcel) {
    Map<String, String> merged = new HashMap<>(settings);
    parcel
        .rendered()
        .forEach(
            (name, value) -> {
              if (templated.contains(name)) {
                merged.put(name, value);
              }
            });
    return new ActionSettings(merged);
  }
}
