package dev.gatehouse.shell;

import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code gatehouse:rule-enable}. */
@Service
@Command(
    scope = "gatehouse",
    name = "rule-enable",
    description = "Lets a rule take messages again; what waited for its targets goes on.")
public final class RuleEnableCommand extends RuleSwitchCommand {
  /** For the console. */
  public RuleEnableCommand() {
    super(true);
  }
}
