package dev.gatehouse.shell;

import dev.gatehouse.api.identity.Accounts;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.table.ShellTable;

/** {@code gatehouse:account-list}. */
@Service
@Command(scope = "gatehouse", name = "account-list", description = "Lists the gateway's accounts.")
public final class AccountListCommand extends IamCommand {
  @Override
  public Object execute() {
    ShellTable table = table("Account", "Name", "Region");
    for (Accounts.Listed listed : accounts().list()) {
      table.addRow().addContent(listed.account().id(), listed.name(), listed.account().region());
    }
    table.print(System.out);
    return "";
  }
}
