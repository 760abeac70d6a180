package dev.gatehouse.shell;

import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.osgi.framework.BundleContext;

/** {@code gatehouse:rule-disable}. */
@Service
@Command(
    scope = "gatehouse",
    name = "rule-disable",
    description = "Lets a rule take no more messages; what waits for its targets stays.")
public final class RuleDisableCommand implements Action {
  @Argument(name = "rule", required = true, description = "The rule's name.")
  @Completion(RuleNameCompleter.class)
  String rule = "";

  @Reference BundleContext context;

  @Override
  public Object execute() throws InterruptedException {
    RuleCommands.await(
        RuleCommands.rules(context).enable(RuleCommands.account(context), rule, false));
    System.out.println("done");
    return "";
  }
}
