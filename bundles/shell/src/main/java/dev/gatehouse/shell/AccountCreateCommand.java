package dev.gatehouse.shell;

import dev.gatehouse.api.identity.Accounts;
import dev.gatehouse.json.Json;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code gatehouse:account-create}. */
@Service
@Command(
    scope = "gatehouse",
    name = "account-create",
    description = "Makes an account, and tells its administrator's key, once.")
public final class AccountCreateCommand extends IamCommand {
  @Argument(index = 0, name = "id", required = true, description = "Twelve digits.")
  String id = "";

  @Argument(index = 1, name = "name", required = true, description = "What people call it.")
  String name = "";

  @Override
  public Object execute() {
    Accounts accounts = accounts();
    Accounts.AccessKey key =
        calls(context)
            .recorded(
                "organizations.amazonaws.com", // as AWS names what makes accounts
                "CreateAccount",
                Json.object().put("accountId", id).put("accountName", name),
                () -> accounts.create(id, name));
    System.out.println("AWS_ACCESS_KEY_ID=" + key.accessKeyId());
    System.out.println("AWS_SECRET_ACCESS_KEY=" + key.secretAccessKey());
    return "";
  }
}
