package dev.gatehouse.shell;

import java.time.Instant;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.table.ShellTable;

/** {@code gatehouse:cert-list}. */
@Service
@Command(
    scope = "gatehouse",
    name = "cert-list",
    description = "Lists certificates, all or those that a registered CA has signed.")
public final class CertListCommand extends CallCommand {
  @Option(name = "--ca", description = "Id of the CA certificate.")
  @Completion(CaIds.class)
  String ca = "";

  @Option(name = "--outgoing", description = "Those that are being transferred to others.")
  boolean outgoing;

  @Override
  public Object execute() {
    Calls.Call call =
        ca.isEmpty()
            ? call(outgoing ? "ListOutgoingCertificates" : "ListCertificates")
            : call("ListCertificatesByCA").path("caCertificateId", ca);
    ShellTable table = table("Id", outgoing ? "To" : "Status", "Created");
    MarkedPages.forEach(
        call,
        outgoing ? "outgoingCertificates" : "certificates",
        found ->
            table
                .addRow()
                .addContent(
                    found.get("certificateId").asText(),
                    found.path(outgoing ? "transferredTo" : "status").asText(),
                    Instant.ofEpochSecond(found.get("creationDate").asLong())));
    table.emptyTableText("No certificates.").print(System.out);
    return "";
  }
}
