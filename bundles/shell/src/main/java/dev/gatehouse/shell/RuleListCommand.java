package dev.gatehouse.shell;

import dev.gatehouse.api.rules.Rules;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.table.ShellTable;
import org.osgi.framework.BundleContext;

/** {@code gatehouse:rule-list}. */
@Service
@Command(
    scope = "gatehouse",
    name = "rule-list",
    description =
        "Lists the rules: what they listen to, what they saw, what waits for their targets.")
public final class RuleListCommand implements Action {
  @Reference BundleContext context;

  @Override
  public Object execute() {
    ShellTable table = new ShellTable();
    table.column("Rule");
    table.column("Enabled");
    table.column("Topics");
    table.column("Matched").alignRight();
    table.column("Waiting").alignRight();
    table.column("Problem");
    for (Rules.Summary rule : RuleCommands.rules(context).list(RuleCommands.account(context))) {
      table
          .addRow()
          .addContent(
              rule.name(),
              rule.enabled() ? "yes" : "no",
              rule.topicPattern(),
              rule.matched(),
              rule.waiting(),
              rule.problem());
    }
    table.emptyTableText("There is no rule.").print(System.out);
    return "";
  }
}
