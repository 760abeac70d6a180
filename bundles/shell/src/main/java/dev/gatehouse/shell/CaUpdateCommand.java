package dev.gatehouse.shell;

import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.completers.StringsCompleter;

/** {@code gatehouse:ca-update}. */
@Service
@Command(
    scope = "gatehouse",
    name = "ca-update",
    description = "Changes what a registered CA may do.")
public final class CaUpdateCommand extends CallCommand {
  @Argument(index = 0, name = "ca", required = true, description = "Id of the CA certificate.")
  @Completion(CaIds.class)
  String ca = "";

  @Option(
      name = "--status",
      description = "ACTIVE or INACTIVE: whether what it signed can be registered.")
  @Completion(
      value = StringsCompleter.class,
      values = {"ACTIVE", "INACTIVE"})
  String status = "";

  @Option(
      name = "--auto",
      description = "ENABLE or DISABLE: whether devices are registered when they first connect.")
  @Completion(
      value = StringsCompleter.class,
      values = {"ENABLE", "DISABLE"})
  String auto = "";

  @Override
  public Object execute() {
    call("UpdateCACertificate")
        .path("caCertificateId", ca)
        .query("newStatus", status)
        .query("newAutoRegistrationStatus", auto)
        .answer();
    return "";
  }
}
