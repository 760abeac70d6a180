package dev.gatehouse.shell;

import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code gatehouse:policy-attach}. */
@Service
@Command(
    scope = "gatehouse",
    name = "policy-attach",
    description = "Attaches a policy to a certificate.")
public final class PolicyAttachCommand extends PolicyOnCertificateCommand {
  /** For the console. */
  public PolicyAttachCommand() {
    super("AttachPolicy");
  }
}
