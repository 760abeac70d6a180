package dev.gatehouse.shell;

import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code gatehouse:cert-accept}. */
@Service
@Command(
    scope = "gatehouse",
    name = "cert-accept",
    description = "Takes a certificate that another account offers, or refuses it.")
public final class CertAcceptCommand extends CertificateCommand {
  @Option(name = "--active", description = "Activates it at once.")
  boolean active;

  @Option(name = "--reject", description = "Refuses it.")
  boolean reject;

  @Override
  public Object execute() {
    if (reject) {
      callAbout("RejectCertificateTransfer").answer();
    } else {
      callAbout("AcceptCertificateTransfer")
          .query("setAsActive", Boolean.toString(active))
          .answer();
    }
    return "";
  }
}
