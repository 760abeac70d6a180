package dev.gatehouse.shell;

import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.table.ShellTable;

/** {@code gatehouse:policy-list}. */
@Service
@Command(scope = "gatehouse", name = "policy-list", description = "Lists policies.")
public final class PolicyListCommand extends CallCommand {
  @Override
  public Object execute() {
    ShellTable table = table("Name", "ARN");
    MarkedPages.forEach(
        call("ListPolicies"),
        "policies",
        found ->
            table
                .addRow()
                .addContent(found.get("policyName").asText(), found.get("policyArn").asText()));
    table.emptyTableText("No policies.").print(System.out);
    return "";
  }
}
