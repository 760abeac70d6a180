package dev.gatehouse.actions.sample;

import dev.gatehouse.api.rules.action.ActionContext;
import dev.gatehouse.api.rules.action.RuleAction;
import dev.gatehouse.api.rules.action.RuleActionType;
import dev.gatehouse.api.rules.action.Setting;
import java.util.List;
import org.osgi.service.component.annotations.Component;

/** The {@code sample} action: its name and its settings. */
@Component
public final class SampleType implements RuleActionType {
  private static final List<Setting> SETTINGS =
      List.of(Setting.text("target", "Name of the target.").need().template(), Setting.roleArn());

  @Override
  public String name() {
    return "sample";
  }

  @Override
  public List<Setting> settings() {
    return SETTINGS;
  }

  @Override
  public RuleAction create(ActionContext context) {
    return new SampleAction();
  }
}
