package dev.gatehouse.shell;

import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code gatehouse:cert-delete}. */
@Service
@Command(
    scope = "gatehouse",
    name = "cert-delete",
    description = "Deletes a certificate that is not active.")
public final class CertDeleteCommand extends CertificateCommand {
  @Option(name = "--force", description = "Detaches its policies.")
  boolean force;

  @Override
  public Object execute() {
    callAbout("DeleteCertificate").query("forceDelete", Boolean.toString(force)).answer();
    return "";
  }
}
