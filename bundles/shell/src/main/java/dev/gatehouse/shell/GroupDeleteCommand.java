package dev.gatehouse.shell;

import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code gatehouse:group-delete}. */
@Service
@Command(
    scope = "gatehouse",
    name = "group-delete",
    description = "Deletes a thing group, which its things leave.")
public final class GroupDeleteCommand extends CallCommand {
  @Argument(index = 0, name = "group", required = true, description = "Name of the thing group.")
  @Completion(ThingGroupNames.class)
  String group = "";

  @Override
  public Object execute() {
    call("DeleteThingGroup").path("thingGroupName", group).answer();
    return "";
  }
}
