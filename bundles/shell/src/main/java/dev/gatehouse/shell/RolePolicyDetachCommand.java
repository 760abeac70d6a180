package dev.gatehouse.shell;

import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code gatehouse:role-policy-detach}. */
@Service
@Command(
    scope = "gatehouse",
    name = "role-policy-detach",
    description = "Takes a managed policy off a role.")
public final class RolePolicyDetachCommand extends IamCommand {
  @Argument(index = 0, name = "role", required = true, description = "Name of the role.")
  @Completion(RoleNames.class)
  String name = "";

  @Argument(index = 1, name = "policy", required = true, description = "ARN of the policy.")
  @Completion(ManagedPolicyArns.class)
  String policy = "";

  @Override
  public Object execute() {
    print(call("DetachRolePolicy").query("RoleName", name).query("PolicyArn", policy).answer());
    return "";
  }
}
