package dev.gatehouse.shell;

import dev.gatehouse.json.Json;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Completion;

/** A command that changes whether a policy is on a certificate. */
abstract class PolicyOnCertificateCommand extends CallCommand {
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

  private final String operation;

  PolicyOnCertificateCommand(String operation) {
    this.operation = operation;
  }

  @Override
  public Object execute() {
    String arn =
        call("DescribeCertificate")
            .path("certificateId", certificate)
            .answer()
            .at("/certificateDescription/certificateArn")
            .asText();
    call(operation).path("policyName", policy).body(Json.object().put("target", arn)).answer();
    return "";
  }
}
