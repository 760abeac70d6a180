package dev.gatehouse.shell;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.json.Json;
import java.util.ArrayList;
import java.util.List;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code gatehouse:thing-type-create}. */
@Service
@Command(scope = "gatehouse", name = "thing-type-create", description = "Creates a thing type.")
public final class ThingTypeCreateCommand extends CallCommand {
  @Argument(index = 0, name = "type", required = true, description = "Name of the thing type.")
  String type = "";

  @Option(name = "--description", aliases = "-d", description = "What it is.")
  String description = "";

  @Option(
      name = "--searchable",
      aliases = "-s",
      multiValued = true,
      description = "An attribute that things can be searched by; may be given up to three times.")
  List<String> searchable = new ArrayList<>();

  @Override
  public Object execute() {
    ObjectNode body = Json.object();
    ObjectNode properties = body.putObject("thingTypeProperties");
    if (!description.isEmpty()) {
      properties.put("thingTypeDescription", description);
    }
    searchable.forEach(properties.putArray("searchableAttributes")::add);
    print(call("CreateThingType").path("thingTypeName", type).body(body).answer());
    return "";
  }
}
