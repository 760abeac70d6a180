package dev.gatehouse.shell;

import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code gatehouse:policy-detach}. */
@Service
@Command(
    scope = "gatehouse",
    name = "policy-detach",
    description = "Takes a policy off a certificate.")
public final class PolicyDetachCommand extends PolicyOnCertificateCommand {
  /** For the console. */
  public PolicyDetachCommand() {
    super("DetachPolicy");
  }
}
