package dev.gatehouse.api.rules.action;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Whiteboard: one kind of rule action. Rules that use a kind which is not here are degraded, say so
 * and heal when it comes.
 */
@ConsumerType
public interface RuleActionType {

  /** The member of an action object that names it, such as {@code republish}. */
  String name();

  /** How AWS calls it in an error action's message, such as {@code RepublishAction}. */
  String failureName();

  /** The settings that it takes. The engine refuses unknown and missing ones at rule creation. */
  List<Setting> settings();

  /**
   * Checks what the list of settings cannot say; called at rule creation.
   *
   * @throws dev.gatehouse.api.error.ServiceException INVALID_REQUEST, naming the setting
   */
  void validate(ActionSettings settings);

  /** Makes an action for one rule; it is closed when the rule changes or goes. */
  RuleAction create(ActionSettings settings);

  /**
   * One setting.
   *
   * @param name as in the rule, nested ones with dots: {@code putItem.tableName}; a level {@code *}
   *     stands for any name or index there: {@code headers.userProperties.*.key}
   * @param templated whether {@code ${…}} in it is replaced before the action sees it
   */
  record Setting(String name, boolean required, boolean templated) {

    /** Whether a setting of a rule is this one, or one of these. */
    public boolean matches(String setting) {
      if (name.indexOf('*') < 0) {
        return name.equals(setting);
      }
      String[] wanted = name.split("\\.", -1);
      String[] given = setting.split("\\.", -1);
      boolean same = wanted.length == given.length;
      for (int i = 0; same && i < wanted.length; i++) {
        same = wanted[i].equals("*") || wanted[i].equals(given[i]);
      }
      return same;
    }
  }
}
