package dev.gatehouse.actions.republish;

import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.message.MessageBus;
import dev.gatehouse.api.message.TopicName;
import dev.gatehouse.api.rules.action.ActionSettings;
import dev.gatehouse.api.rules.action.RuleAction;
import dev.gatehouse.api.rules.action.RuleActionType;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The {@code republish} action: what a rule selected goes out again on another topic. */
@Component
public final class RepublishType implements RuleActionType {
  private final MessageBus bus;
  private final Clock clock;

  /** Takes the system's clock. */
  @Activate
  public RepublishType(@Reference MessageBus bus) {
    this(bus, Clock.systemUTC());
  }

  RepublishType(MessageBus bus, Clock clock) {
    this.bus = bus;
    this.clock = clock;
  }

  @Override
  public String name() {
    return "republish";
  }

  @Override
  public String failureName() {
    return "RepublishAction";
  }

  @Override
  public List<Setting> settings() {
    List<Setting> settings = new ArrayList<>();
    settings.add(new Setting("topic", true, true));
    settings.add(new Setting("qos", false, true));
    settings.add(new Setting("roleArn", true, false));
    Headers.SINGLE.forEach(name -> settings.add(new Setting(name, false, true)));
    settings.add(new Setting(Headers.USER_KEYS, false, true));
    settings.add(new Setting(Headers.USER_VALUES, false, true));
    return settings;
  }

  @Override
  public void validate(ActionSettings settings) {
    try {
      Role.of(settings.require("roleArn"));
      String topic = settings.require("topic");
      // What holds a template is only known per message.
      if (topic.indexOf('$') < 0) {
        TopicName unused = new TopicName(topic);
      }
      settings.get("qos").filter(qos -> qos.indexOf('$') < 0).ifPresent(Republish::qos);
      Headers.validate(settings);
    } catch (IllegalArgumentException e) {
      throw new ServiceException(ErrorCode.INVALID_REQUEST, "republish: " + e.getMessage());
    }
  }

  @Override
  public RuleAction create(ActionSettings settings) {
    return new Republish(bus, clock, Role.of(settings.require("roleArn")));
  }
}
