package dev.gatehouse.actions.sample;

import dev.gatehouse.api.rules.action.ActionSettings;
import dev.gatehouse.api.rules.action.RuleAction;
import dev.gatehouse.api.rules.action.RuleActionType;
import java.util.List;
import org.osgi.service.component.annotations.Component;

/** The {@code sample} action: its name, its settings and the checks at rule creation. */
@Component
public final class SampleType implements RuleActionType {

  @Override
  public String name() {
    return "sample";
  }

  @Override
  public String failureName() {
    return "SampleAction";
  }

  @Override
  public List<Setting> settings() {
    return List.of(new Setting("target", true, true), new Setting("roleArn", true, false));
  }

  @Override
  public void validate(ActionSettings settings) {
    // The list of settings says all.
  }

  @Override
  public RuleAction create(ActionSettings settings) {
    return new SampleAction();
  }
}
