package dev.gatehouse.shell;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code gatehouse:policy-describe}. */
@Service
@Command(
    scope = "gatehouse",
    name = "policy-describe",
    description = "Shows a policy, its versions, and what it is attached to.")
public final class PolicyDescribeCommand extends CallCommand {
  @Argument(index = 0, name = "policy", required = true, description = "Name of the policy.")
  @Completion(PolicyNames.class)
  String policy = "";

  @Override
  public Object execute() {
    print(call("GetPolicy").path("policyName", policy).answer());
    call("ListPolicyVersions")
        .path("policyName", policy)
        .answer()
        .get("policyVersions")
        .forEach(found -> print((ObjectNode) found));
    MarkedPages.forEach(
        call("ListTargetsForPolicy").path("policyName", policy),
        "targets",
        target -> System.out.println("target = " + target.asText()));
    return "";
  }
}
