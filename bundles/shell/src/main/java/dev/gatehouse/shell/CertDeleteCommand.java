package dev.gatehouse.shell;

import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code gatehouse:cert-delete}. */
@Service
@Command(
    scope = "gatehouse",
    name = "cert-delete",
    description = "Deletes a certificate that is not active.")
public final class CertDeleteCommand extends CallCommand {
  @Argument(
      index = 0,
      name = "certificate",
      required = true,
      description = "Id of the certificate.")
  @Completion(CertificateIds.class)
  String certificate = "";

  @Option(name = "--force", description = "Detaches its policies.")
  boolean force;

  @Override
  public Object execute() {
    call("DeleteCertificate")
        .path("certificateId", certificate)
        .query("forceDelete", Boolean.toString(force))
        .answer();
    return "";
  }
}
