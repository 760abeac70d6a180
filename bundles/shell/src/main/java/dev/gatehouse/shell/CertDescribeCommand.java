package dev.gatehouse.shell;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code gatehouse:cert-describe}. */
@Service
@Command(
    scope = "gatehouse",
    name = "cert-describe",
    description = "Shows a certificate and its policies.")
public final class CertDescribeCommand extends CertificateCommand {
  @Override
  public Object execute() {
    ObjectNode found =
        (ObjectNode) callAbout("DescribeCertificate").answer().get("certificateDescription");
    print(found);
    print(
        call("ListAttachedPolicies").path("target", found.get("certificateArn").asText()).answer());
    return "";
  }
}
