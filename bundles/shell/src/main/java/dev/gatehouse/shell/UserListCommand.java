package dev.gatehouse.shell;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.table.ShellTable;

/** {@code gatehouse:user-list}. */
@Service
@Command(scope = "gatehouse", name = "user-list", description = "Lists the users of an account.")
public final class UserListCommand extends IamCommand {
  @Override
  public Object execute() {
    ShellTable table = table("Name", "ARN", "Created");
    Calls.Call call = call("ListUsers").query("MaxItems", "1000");
    String marker;
    do {
      ObjectNode page = call.answer();
      for (JsonNode one : page.get("Users")) {
        table
            .addRow()
            .addContent(
                one.path("UserName").asText(),
                one.path("Arn").asText(),
                one.path("CreateDate").asText());
      }
      marker = page.path("Marker").asText();
      call.query("Marker", marker);
    } while (!marker.isEmpty());
    table.emptyTableText("No users.").print(System.out);
    return "";
  }
}
