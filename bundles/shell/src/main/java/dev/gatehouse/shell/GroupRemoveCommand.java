package dev.gatehouse.shell;

import dev.gatehouse.json.Json;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code gatehouse:group-remove}. */
@Service
@Command(
    scope = "gatehouse",
    name = "group-remove",
    description = "Takes a thing out of a thing group.")
public final class GroupRemoveCommand extends CallCommand {
  @Argument(index = 0, name = "group", required = true, description = "Name of the thing group.")
  @Completion(ThingGroupNames.class)
  String group = "";

  @Argument(index = 1, name = "thing", required = true, description = "Name of the thing.")
  @Completion(ThingNames.class)
  String thing = "";

  @Override
  public Object execute() {
    call("RemoveThingFromThingGroup")
        .body(Json.object().put("thingGroupName", group).put("thingName", thing))
        .answer();
    return "";
  }
}
