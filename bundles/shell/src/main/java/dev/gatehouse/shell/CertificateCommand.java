package dev.gatehouse.shell;

import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Completion;

/** A command about one certificate. */
abstract class CertificateCommand extends CallCommand {
  @Argument(
      index = 0,
      name = "certificate",
      required = true,
      description = "Id of the certificate.")
  @Completion(CertificateIds.class)
  String certificate = "";

  /** A call about it. */
  Calls.Call callAbout(String operation) {
    return call(operation).path("certificateId", certificate);
  }
}
