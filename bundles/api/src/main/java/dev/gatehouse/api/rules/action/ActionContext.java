package dev.gatehouse.api.rules.action;

import dev.gatehouse.api.identity.Account;
import java.time.Clock;
import org.osgi.annotation.versioning.ProviderType;

/** The rule of an action, and the services of the gateway that the action may use. */
@ProviderType
public interface ActionContext {

  /** The rule's account. */
  Account account();

  /** The rule's name. */
  String ruleName();

  /** The settings as in the rule, with templates that are not replaced. */
  ActionSettings settings();

  /** The clock of the rules engine. */
  Clock clock();
}
