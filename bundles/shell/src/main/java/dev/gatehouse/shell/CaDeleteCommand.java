package dev.gatehouse.shell;

import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code gatehouse:ca-delete}. */
@Service
@Command(
    scope = "gatehouse",
    name = "ca-delete",
    description = "Deletes a registered CA that is not active; what it signed stays.")
public final class CaDeleteCommand extends CallCommand {
  @Argument(index = 0, name = "ca", required = true, description = "Id of the CA certificate.")
  @Completion(CaIds.class)
  String ca = "";

  @Override
  public Object execute() {
    call("DeleteCACertificate").path("caCertificateId", ca).answer();
    return "";
  }
}
