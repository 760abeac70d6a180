package dev.gatehouse.shell;

import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code gatehouse:policy-default}. */
@Service
@Command(
    scope = "gatehouse",
    name = "policy-default",
    description = "Makes a version of a policy the one that counts.")
public final class PolicyDefaultCommand extends CallCommand {
  @Argument(index = 0, name = "policy", required = true, description = "Name of the policy.")
  @Completion(PolicyNames.class)
  String policy = "";

  @Argument(index = 1, name = "version", required = true, description = "Number of the version.")
  String version = "";

  @Override
  public Object execute() {
    call("SetDefaultPolicyVersion")
        .path("policyName", policy)
        .path("policyVersionId", version)
        .answer();
    return "";
  }
}
