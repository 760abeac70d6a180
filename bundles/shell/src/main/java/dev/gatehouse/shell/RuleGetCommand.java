package dev.gatehouse.shell;

import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.osgi.framework.BundleContext;

/** {@code gatehouse:rule-get}. */
@Service
@Command(
    scope = "gatehouse",
    name = "rule-get",
    description = "Shows a rule as get-topic-rule does.")
public final class RuleGetCommand implements Action {
  @Argument(name = "rule", required = true, description = "The rule's name.")
  @Completion(RuleNameCompleter.class)
  String rule = "";

  @Reference BundleContext context;

  @Override
  public Object execute() {
    System.out.println(
        RuleCommands.rules(context)
            .describe(RuleCommands.account(context), rule)
            .orElseThrow(() -> new IllegalArgumentException("rule '" + rule + "' does not exist")));
    return "";
  }
}
