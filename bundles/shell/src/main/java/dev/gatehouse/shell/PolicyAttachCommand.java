package dev.gatehouse.shell;

import dev.gatehouse.json.Json;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code gatehouse:policy-attach}. */
@Service
@Command(
    scope = "gatehouse",
    name = "policy-attach",
    description = "Attaches a policy to a certificate.")
public final class PolicyAttachCommand extends CallCommand {
  @Argument(index = 0, name = "policy", required = true, description = "Name of the policy.")
  @Completion(PolicyNames.class)
  String policy = "";

  @Argument(
      index = 1,
      name = "certificate",
      required = true,
      description = "Id of the certificate.")
  @Completion(CertificateIds.class)
  String certificate = "";

  @Override
  public Object execute() {
    String arn =
        call("DescribeCertificate")
            .path("certificateId", certificate)
            .answer()
            .at("/certificateDescription/certificateArn")
            .asText();
    call("AttachPolicy").path("policyName", policy).body(Json.object().put("target", arn)).answer();
    return "";
  }
}
