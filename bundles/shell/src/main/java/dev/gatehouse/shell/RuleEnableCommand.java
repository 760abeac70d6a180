package dev.gatehouse.shell;

import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.osgi.framework.BundleContext;

/** {@code gatehouse:rule-enable}. */
@Service
@Command(
    scope = "gatehouse",
    name = "rule-enable",
    description = "Lets a rule take messages again; what waited for its targets goes on.")
public final class RuleEnableCommand implements Action {
  @Argument(name = "rule", required = true, description = "The rule's name.")
  @Completion(RuleNameCompleter.class)
  String rule = "";

  @Reference BundleContext context;

  @Override
  public Object execute() throws InterruptedException {
    RuleCommands.await(
        RuleCommands.rules(context).enable(RuleCommands.account(context), rule, true));
    System.out.println("done");
    return "";
  }
}
