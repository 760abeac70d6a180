package dev.gatehouse.shell;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.json.Json;
import java.nio.charset.StandardCharsets;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.table.ShellTable;

/** {@code gatehouse:audit-list}. */
@Service
@Command(
    scope = "gatehouse",
    name = "audit-list",
    description = "Lists who called what, the newest first.")
public final class AuditListCommand extends IamCommand {
  @Option(name = "--user", description = "Only calls of this user or session.")
  @Completion(UserNames.class)
  String user = "";

  @Option(name = "--event", description = "Only calls of this operation, such as CreateThing.")
  String event = "";

  @Option(name = "--limit", description = "How many, 1 to 50. Default 20.")
  int limit = 20;

  @Override
  public Object execute() {
    ObjectNode body = Json.object().put("MaxResults", limit);
    ArrayNode attributes = body.putArray("LookupAttributes");
    attribute(attributes, "Username", user);
    attribute(attributes, "EventName", event);
    ShellTable table = table("Time", "User", "From", "Operation", "Error");
    call("LookupEvents")
        .of("cloudtrail")
        .body(body)
        .answer()
        .path("Events")
        .forEach(found -> row(table, found));
    table.emptyTableText("Nothing was recorded.").print(System.out);
    return "";
  }

  private static void attribute(ArrayNode attributes, String key, String value) {
    if (!value.isEmpty()) {
      attributes.addObject().put("AttributeKey", key).put("AttributeValue", value);
    }
  }

  private static void row(ShellTable table, JsonNode found) {
    JsonNode record;
    try {
      record = Json.parse(found.path("CloudTrailEvent").asText().getBytes(StandardCharsets.UTF_8));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a record is not JSON", e);
    }
    table
        .addRow()
        .addContent(
            record.path("eventTime").asText(),
            found.path("Username").asText(),
            record.path("sourceIPAddress").asText(),
            found.path("EventName").asText(),
            record.path("errorCode").asText());
  }
}
