package dev.gatehouse.shell;

import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code gatehouse:role-delete}. */
@Service
@Command(
    scope = "gatehouse",
    name = "role-delete",
    description = "Deletes a role that nothing hangs on any more.")
public final class RoleDeleteCommand extends IamCommand {
  @Argument(index = 0, name = "role", required = true, description = "Name of the role.")
  @Completion(RoleNames.class)
  String name = "";

  @Override
  public Object execute() {
    print(call("DeleteRole").query("RoleName", name).answer());
    return "";
  }
}
