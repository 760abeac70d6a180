package dev.gatehouse.shell;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.json.Json;
import java.io.IOException;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code gatehouse:policy-create}. */
@Service
@Command(
    scope = "gatehouse",
    name = "policy-create",
    description = "Makes a policy, or another version of one.")
public final class PolicyCreateCommand extends CallCommand {
  @Argument(index = 0, name = "policy", required = true, description = "Name of the policy.")
  @Completion(PolicyNames.class)
  String policy = "";

  @Argument(
      index = 1,
      name = "file",
      required = true,
      description = "Absolute path of the document.")
  String file = "";

  @Option(
      name = "--version",
      description = "Adds a version to a policy that is there, and makes it the default.")
  boolean version;

  @Override
  public Object execute() throws IOException {
    ObjectNode body = Json.object().put("policyDocument", TextFiles.read(file));
    ObjectNode made =
        version
            ? call("CreatePolicyVersion")
                .path("policyName", policy)
                .query("setAsDefault", "true")
                .body(body)
                .answer()
            : call("CreatePolicy").path("policyName", policy).body(body).answer();
    System.out.println("version " + made.get("policyVersionId").asText());
    return "";
  }
}
