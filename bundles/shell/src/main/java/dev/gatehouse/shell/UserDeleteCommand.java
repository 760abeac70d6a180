package dev.gatehouse.shell;

import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code gatehouse:user-delete}. */
@Service
@Command(
    scope = "gatehouse",
    name = "user-delete",
    description = "Deletes a user that nothing hangs on any more.")
public final class UserDeleteCommand extends IamCommand {
  @Argument(index = 0, name = "user", required = true, description = "Name of the user.")
  @Completion(UserNames.class)
  String name = "";

  @Override
  public Object execute() {
    print(call("DeleteUser").query("UserName", name).answer());
    return "";
  }
}
