package dev.gatehouse.shell;

import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code gatehouse:rule-disable}. */
@Service
@Command(
    scope = "gatehouse",
    name = "rule-disable",
    description = "Lets a rule take no more messages; what waits for its targets stays.")
public final class RuleDisableCommand extends RuleSwitchCommand {
  /** For the console. */
  public RuleDisableCommand() {
    super(false);
  }
}
