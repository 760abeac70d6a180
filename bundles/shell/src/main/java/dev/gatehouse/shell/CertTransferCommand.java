package dev.gatehouse.shell;

import dev.gatehouse.json.Json;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code gatehouse:cert-transfer}. */
@Service
@Command(
    scope = "gatehouse",
    name = "cert-transfer",
    description = "Offers a certificate to another account, or cancels that.")
public final class CertTransferCommand extends CertificateCommand {
  @Argument(index = 1, name = "account", description = "Id of the other account; none: cancels.")
  String account = "";

  @Option(name = "--message", description = "A text for the other account.")
  String message = "";

  @Override
  public Object execute() {
    if (account.isEmpty()) {
      callAbout("CancelCertificateTransfer").answer();
    } else {
      print(
          callAbout("TransferCertificate")
              .query("targetAwsAccount", account)
              .body(Json.object().put("transferMessage", message))
              .answer());
    }
    return "";
  }
}
