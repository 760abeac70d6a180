package dev.gatehouse.actions.republish;

import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.identity.ActingRoles;
import dev.gatehouse.api.identity.Authorizer;
import dev.gatehouse.api.identity.Roles;
import dev.gatehouse.api.message.MessageBus;
import dev.gatehouse.api.message.TopicName;
import dev.gatehouse.api.rules.action.ActionSettings;
import dev.gatehouse.api.rules.action.RuleAction;
import dev.gatehouse.api.rules.action.RuleActionType;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/** The {@code republish} action: what a rule selected goes out again on another topic. */
@Component
public final class RepublishType implements RuleActionType {
  private static final Pattern ROLE =
      Pattern.compile("arn:aws[a-z-]*:iam::\\d{12}:role/(?:[!-.0-~]+/)*[\\w+=,.@-]{1,64}");

  private final MessageBus bus;
  private final ActingRoles roles;
  private final Clock clock;

  /** Takes the system's clock. */
  @Activate
  public RepublishType(@Reference MessageBus bus, @Reference Authorizer authorizer) {
    this(bus, authorizer, Clock.systemUTC());
  }

  RepublishType(MessageBus bus, Authorizer authorizer, Clock clock) {
    this.bus = bus;
    this.roles = new ActingRoles(authorizer);
    this.clock = clock;
  }

  @Reference(
      policy = ReferencePolicy.DYNAMIC,
      cardinality = ReferenceCardinality.OPTIONAL,
      unbind = "removeRoles")
  void addRoles(Roles next) {
    roles.add(next);
  }

  void removeRoles(Roles gone) {
    roles.remove(gone);
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
      if (!ROLE.matcher(settings.require("roleArn")).matches()) {
        throw new IllegalArgumentException(
            "roleArn '"
                + settings.require("roleArn")
                + "' is not like arn:aws:iam::123456789012:role/name");
      }
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
    return new Republish(bus, clock, settings.require("roleArn"), roles);
  }
}
