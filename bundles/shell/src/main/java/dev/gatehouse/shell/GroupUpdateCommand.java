package dev.gatehouse.shell;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.json.Json;
import java.util.ArrayList;
import java.util.List;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code gatehouse:group-update}. */
@Service
@Command(
    scope = "gatehouse",
    name = "group-update",
    description = "Changes a thing group; other attributes stay.")
public final class GroupUpdateCommand extends CallCommand {
  @Argument(index = 0, name = "group", required = true, description = "Name of the thing group.")
  @Completion(ThingGroupNames.class)
  String group = "";

  @Option(name = "--description", aliases = "-d", description = "What it is.")
  String description = "";

  @Option(
      name = "--attribute",
      aliases = "-a",
      multiValued = true,
      description =
          "An attribute, name=value, or name= to take it away; may be given several times.")
  List<String> attributes = new ArrayList<>();

  @Override
  public Object execute() {
    ObjectNode body = Json.object();
    ObjectNode properties = body.putObject("thingGroupProperties");
    if (!description.isEmpty()) {
      properties.put("thingGroupDescription", description);
    }
    if (!attributes.isEmpty()) {
      properties.set("attributePayload", attributes(attributes).put("merge", true));
    }
    print(call("UpdateThingGroup").path("thingGroupName", group).body(body).answer());
    return "";
  }
}
