package dev.gatehouse.shell;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.table.ShellTable;

/** {@code gatehouse:role-list}. */
@Service
@Command(scope = "gatehouse", name = "role-list", description = "Lists the roles of an account.")
public final class RoleListCommand extends IamCommand {
  @Override
  public Object execute() {
    ShellTable table = table("Name", "ARN", "Created");
    Calls.Call call = call("ListRoles").query("MaxItems", "1000");
    String marker;
    do {
      ObjectNode page = call.answer();
      for (JsonNode one : page.get("Roles")) {
        table
            .addRow()
            .addContent(
                one.path("RoleName").asText(),
                one.path("Arn").asText(),
                one.path("CreateDate").asText());
      }
      marker = page.path("Marker").asText();
      call.query("Marker", marker);
    } while (!marker.isEmpty());
    table.emptyTableText("No roles.").print(System.out);
    return "";
  }
}
