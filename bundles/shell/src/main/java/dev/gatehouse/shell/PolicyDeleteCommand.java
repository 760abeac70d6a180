package dev.gatehouse.shell;

import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code gatehouse:policy-delete}. */
@Service
@Command(
    scope = "gatehouse",
    name = "policy-delete",
    description = "Deletes a policy that is not attached, or a version of one.")
public final class PolicyDeleteCommand extends CallCommand {
  @Argument(index = 0, name = "policy", required = true, description = "Name of the policy.")
  @Completion(PolicyNames.class)
  String policy = "";

  @Option(name = "--version", description = "Number of the version; none: the policy.")
  String version = "";

  @Override
  public Object execute() {
    if (version.isEmpty()) {
      call("DeletePolicy").path("policyName", policy).answer();
    } else {
      call("DeletePolicyVersion")
          .path("policyName", policy)
          .path("policyVersionId", version)
          .answer();
    }
    return "";
  }
}
