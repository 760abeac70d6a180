package dev.gatehouse.shell;

import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.completers.StringsCompleter;

/** {@code gatehouse:user-key-update}. */
@Service
@Command(
    scope = "gatehouse",
    name = "user-key-update",
    description = "Puts an access key of a user out of use, or in use again.")
public final class UserKeyUpdateCommand extends IamCommand {
  @Argument(index = 0, name = "user", required = true, description = "Name of the user.")
  @Completion(UserNames.class)
  String name = "";

  @Argument(index = 1, name = "key", required = true, description = "Id of the key.")
  String key = "";

  @Argument(index = 2, name = "status", required = true, description = "Active or Inactive.")
  @Completion(
      value = StringsCompleter.class,
      values = {"Active", "Inactive"})
  String status = "";

  @Override
  public Object execute() {
    print(
        call("UpdateAccessKey")
            .query("UserName", name)
            .query("AccessKeyId", key)
            .query("Status", status)
            .answer());
    return "";
  }
}
