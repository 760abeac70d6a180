package dev.gatehouse.shell;

import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code gatehouse:role-policy-attach}. */
@Service
@Command(
    scope = "gatehouse",
    name = "role-policy-attach",
    description = "Puts a managed policy on a role.")
public final class RolePolicyAttachCommand extends IamCommand {
  @Argument(index = 0, name = "role", required = true, description = "Name of the role.")
  @Completion(RoleNames.class)
  String name = "";

  @Argument(index = 1, name = "policy", required = true, description = "ARN of the policy.")
  @Completion(ManagedPolicyArns.class)
  String policy = "";

  @Override
  public Object execute() {
    print(call("AttachRolePolicy").query("RoleName", name).query("PolicyArn", policy).answer());
    return "";
  }
}
