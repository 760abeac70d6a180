package dev.gatehouse.rules;

import dev.gatehouse.api.tag.TaggedResources;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * Topic rules may have tags. Who serves the operations on tags offers functions to the rules, so
 * this is a component of its own: else each start would go round in a circle.
 */
@Component
public final class RuleTags implements TaggedResources {
  /** Needs nobody. */
  @Activate
  public RuleTags() {}

  @Override
  public Map<String, String> tables() {
    return Map.of("rule/", RuleOperations.TABLE);
  }
}
