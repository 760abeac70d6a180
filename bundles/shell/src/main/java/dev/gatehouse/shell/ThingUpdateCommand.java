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

/** {@code gatehouse:thing-update}. */
@Service
@Command(
    scope = "gatehouse",
    name = "thing-update",
    description = "Changes attributes or the type of a thing; other attributes stay.")
public final class ThingUpdateCommand extends CallCommand {
  @Argument(index = 0, name = "thing", required = true, description = "Name of the thing.")
  @Completion(ThingNames.class)
  String thing = "";

  @Option(name = "--type", aliases = "-t", description = "Name of its new thing type.")
  @Completion(ThingTypeNames.class)
  String type = "";

  @Option(name = "--remove-type", description = "Takes its type away.")
  boolean removeType;

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
    if (!attributes.isEmpty()) {
      body.set("attributePayload", attributes(attributes).put("merge", true));
    }
    if (!type.isEmpty()) {
      body.put("thingTypeName", type);
    }
    if (removeType) {
      body.put("removeThingType", true);
    }
    call("UpdateThing").path("thingName", thing).body(body).answer();
    return "";
  }
}
