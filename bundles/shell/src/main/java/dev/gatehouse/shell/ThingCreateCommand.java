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

/** {@code gatehouse:thing-create}. */
@Service
@Command(scope = "gatehouse", name = "thing-create", description = "Creates a thing.")
public final class ThingCreateCommand extends CallCommand {
  @Argument(index = 0, name = "thing", required = true, description = "Name of the thing.")
  String thing = "";

  @Option(name = "--type", aliases = "-t", description = "Name of its thing type.")
  @Completion(ThingTypeNames.class)
  String type = "";

  @Option(
      name = "--attribute",
      aliases = "-a",
      multiValued = true,
      description = "An attribute, name=value; may be given several times.")
  List<String> attributes = new ArrayList<>();

  @Override
  public Object execute() {
    ObjectNode body = Json.object();
    body.set("attributePayload", attributes(attributes));
    if (!type.isEmpty()) {
      body.put("thingTypeName", type);
    }
    print(call("CreateThing").path("thingName", thing).body(body).answer());
    return "";
  }
}
