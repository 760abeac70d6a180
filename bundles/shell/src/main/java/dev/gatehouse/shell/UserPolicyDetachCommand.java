package dev.gatehouse.shell;

import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code gatehouse:user-policy-detach}. */
@Service
@Command(
    scope = "gatehouse",
    name = "user-policy-detach",
    description = "Takes a managed policy off a user.")
public final class UserPolicyDetachCommand extends IamCommand {
  @Argument(index = 0, name = "user", required = true, description = "Name of the user.")
  @Completion(UserNames.class)
  String name = "";

  @Argument(index = 1, name = "policy", required = true, description = "ARN of the policy.")
  @Completion(ManagedPolicyArns.class)
  String policy = "";

  @Override
  public Object execute() {
    print(call("DetachUserPolicy").query("UserName", name).query("PolicyArn", policy).answer());
    return "";
  }
}
