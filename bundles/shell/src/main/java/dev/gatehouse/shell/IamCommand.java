package dev.gatehouse.shell;

import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.identity.Accounts;
import org.apache.karaf.shell.api.action.Option;

/** A command about users or roles, of the default account or of another. */
abstract class IamCommand extends CallCommand {
  @Option(name = "--account", description = "Id of the account. Default: the gateway's first.")
  String accountId = "";

  @Override
  Calls.Call call(String operation) {
    return accountId.isEmpty() ? super.call(operation) : calls(context, account()).call(operation);
  }

  private Account account() {
    return accounts()
        .find(accountId)
        .orElseThrow(() -> new IllegalArgumentException("there is no account '" + accountId + "'"));
  }

  Accounts accounts() {
    return Services.one(context, Accounts.class)
        .orElseThrow(
            () -> new IllegalStateException("the bundle dev.gatehouse.iam is not running"));
  }
}
