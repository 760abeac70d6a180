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

/** {@code gatehouse:group-create}. */
@Service
@Command(scope = "gatehouse", name = "group-create", description = "Creates a thing group.")
public final class GroupCreateCommand extends CallCommand {
  @Argument(index = 0, name = "group", required = true, description = "Name of the thing group.")
  String group = "";

  @Option(name = "--parent", aliases = "-p", description = "The group that it is below.")
  @Completion(ThingGroupNames.class)
  String parent = "";

  @Option(name = "--description", aliases = "-d", description = "What it is.")
  String description = "";

  @Option(
      name = "--attribute",
      aliases = "-a",
      multiValued = true,
      description = "An attribute, name=value; may be given several times.")
  List<String> attributes = new ArrayList<>();

  @Override
  public Object execute() {
    ObjectNode body = Json.object();
    if (!parent.isEmpty()) {
      body.put("parentGroupName", parent);
    }
    ObjectNode properties = body.putObject("thingGroupProperties");
    if (!description.isEmpty()) {
      properties.put("thingGroupDescription", description);
    }
    properties.set("attributePayload", attributes(attributes));
    print(call("CreateThingGroup").path("thingGroupName", group).body(body).answer());
    return "";
  }
}
