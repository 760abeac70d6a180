package dev.gatehouse.shell;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code gatehouse:cert-describe}. */
@Service
@Command(
    scope = "gatehouse",
    name = "cert-describe",
    description = "Shows a certificate and its policies.")
public final class CertDescribeCommand extends CallCommand {
  @Argument(
      index = 0,
      name = "certificate",
      required = true,
      description = "Id of the certificate.")
  @Completion(CertificateIds.class)
  String certificate = "";

  @Override
  public Object execute() {
    ObjectNode found =
        (ObjectNode)
            call("DescribeCertificate")
                .path("certificateId", certificate)
                .answer()
                .get("certificateDescription");
    print(found);
    print(
        call("ListAttachedPolicies").path("target", found.get("certificateArn").asText()).answer());
    return "";
  }
}
