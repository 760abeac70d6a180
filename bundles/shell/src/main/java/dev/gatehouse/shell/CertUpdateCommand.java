package dev.gatehouse.shell;

import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.completers.StringsCompleter;

/** {@code gatehouse:cert-update}. */
@Service
@Command(
    scope = "gatehouse",
    name = "cert-update",
    description =
        "Activates, deactivates or revokes a certificate; its connections end unless it is active.")
public final class CertUpdateCommand extends CertificateCommand {
  @Argument(
      index = 1,
      name = "status",
      required = true,
      description = "ACTIVE, INACTIVE or REVOKED.")
  @Completion(
      value = StringsCompleter.class,
      values = {"ACTIVE", "INACTIVE", "REVOKED"})
  String status = "";

  @Override
  public Object execute() {
    callAbout("UpdateCertificate").query("newStatus", status).answer();
    return "";
  }
}
