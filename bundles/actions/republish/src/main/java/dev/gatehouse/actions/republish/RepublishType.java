package dev.gatehouse.actions.republish;

import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.message.MessageBus;
import dev.gatehouse.api.message.TopicName;
import dev.gatehouse.api.rules.action.ActionContext;
import dev.gatehouse.api.rules.action.ActionSettings;
import dev.gatehouse.api.rules.action.RuleAction;
import dev.gatehouse.api.rules.action.RuleActionType;
import dev.gatehouse.api.rules.action.Setting;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The {@code republish} action: the payload that a rule selected goes out on another topic. */
@Component
public final class RepublishType implements RuleActionType {
  private static final List<Setting> SETTINGS =
      List.of(
          Setting.text("topic", "Topic to publish on; $$aws/… for a reserved one.")
              .need()
              .template(),
          Setting.number("qos", "Quality of service, 0 if it is not given.")
              .template()
              .oneOf("0", "1"),
          Setting.roleArn(),
          Headers.SETTING);

  private final MessageBus bus;

  /** Publishes on a bus. */
  @Activate
  public RepublishType(@Reference MessageBus bus) {
    this.bus = bus;
  }

  @Override
  public String name() {
    return "republish";
  }

  @Override
  public List<Setting> settings() {
    return SETTINGS;
  }

  @Override
  public void validate(ActionSettings settings) {
    try {
      // A text with a template is known only per message.
      settings.get("topic").filter(topic -> topic.indexOf('$') < 0).ifPresent(TopicName::new);
      Headers.validate(settings);
    } catch (IllegalArgumentException e) {
      throw new ServiceException(ErrorCode.INVALID_REQUEST, "republish: " + e.getMessage());
    }
  }

  @Override
  public RuleAction create(ActionContext context) {
    return new Republish(bus, context);
  }
}
