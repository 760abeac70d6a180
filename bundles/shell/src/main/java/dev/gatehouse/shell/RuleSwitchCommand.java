package dev.gatehouse.shell;

import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.osgi.framework.BundleContext;

/** A command that enables or disables a rule. */
abstract class RuleSwitchCommand implements Action {
  @Argument(name = "rule", required = true, description = "The rule's name.")
  @Completion(RuleNameCompleter.class)
  String rule = "";

  @Reference BundleContext context;

  private final boolean enabled;

  RuleSwitchCommand(boolean enabled) {
    this.enabled = enabled;
  }

  @Override
  public Object execute() throws InterruptedException {
    RuleCommands.await(
        RuleCommands.rules(context).enable(RuleCommands.account(context), rule, enabled));
    System.out.println("done");
    return "";
  }
}
