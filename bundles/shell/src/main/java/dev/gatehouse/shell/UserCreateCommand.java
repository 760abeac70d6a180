package dev.gatehouse.shell;

import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code gatehouse:user-create}. */
@Service
@Command(
    scope = "gatehouse",
    name = "user-create",
    description = "Makes a user, who may do nothing until a policy is put on it.")
public final class UserCreateCommand extends IamCommand {
  @Argument(index = 0, name = "user", required = true, description = "Name of the user.")
  String name = "";

  @Option(name = "--path", description = "Path, such as /staff/. Default /.")
  String path = "";

  @Override
  public Object execute() {
    print(call("CreateUser").query("UserName", name).query("Path", path).answer());
    return "";
  }
}
