package dev.gatehouse.shell;

import dev.gatehouse.json.Json;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code gatehouse:thing-type-deprecate}. */
@Service
@Command(
    scope = "gatehouse",
    name = "thing-type-deprecate",
    description = "Lets a thing type take no new things.")
public final class ThingTypeDeprecateCommand extends CallCommand {
  @Argument(index = 0, name = "type", required = true, description = "Name of the thing type.")
  @Completion(ThingTypeNames.class)
  String type = "";

  @Option(name = "--undo", description = "Lets it take things again.")
  boolean undo;

  @Override
  public Object execute() {
    call("DeprecateThingType")
        .path("thingTypeName", type)
        .body(Json.object().put("undoDeprecate", undo))
        .answer();
    return "";
  }
}
