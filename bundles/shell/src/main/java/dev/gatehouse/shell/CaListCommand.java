package dev.gatehouse.shell;

import java.time.Instant;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.table.ShellTable;

/** {@code gatehouse:ca-list}. */
@Service
@Command(scope = "gatehouse", name = "ca-list", description = "Lists registered CAs.")
public final class CaListCommand extends CallCommand {
  @Override
  public Object execute() {
    ShellTable table = table("Id", "Status", "Created");
    MarkedPages.forEach(
        call("ListCACertificates"),
        "certificates",
        found ->
            table
                .addRow()
                .addContent(
                    found.get("certificateId").asText(),
                    found.get("status").asText(),
                    Instant.ofEpochSecond(found.get("creationDate").asLong())));
    table.emptyTableText("No CA certificates.").print(System.out);
    return "";
  }
}
