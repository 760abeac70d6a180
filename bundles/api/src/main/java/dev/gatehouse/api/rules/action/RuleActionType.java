package dev.gatehouse.api.rules.action;

import java.util.List;
import java.util.Locale;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Whiteboard: one kind of rule action. Rules that use a kind which is not here are degraded, say so
 * and heal when it comes.
 */
@ConsumerType
public interface RuleActionType {

  /** The member of an action object that names it, such as {@code republish}. */
  String name();

  /** AWS's name of it in an error action's message, such as {@code RepublishAction}. */
  default String failureName() {
    return name().substring(0, 1).toUpperCase(Locale.ROOT) + name().substring(1) + "Action";
  }

  /**
   * The settings that it takes, always the same ones. The engine refuses rules with unknown,
   * missing or wrongly typed ones.
   */
  List<Setting> settings();

  /**
   * Checks what the list of settings cannot say; called at rule creation, when templates are not
   * replaced yet.
   *
   * @throws dev.gatehouse.api.error.ServiceException INVALID_REQUEST, naming the setting
   */
  default void validate(ActionSettings settings) {}

  /** Makes an action for one rule; it is closed when the rule changes or goes. */
  RuleAction create(ActionContext context);
}
