package dev.gatehouse.shell;

import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code gatehouse:thing-type-delete}. */
@Service
@Command(
    scope = "gatehouse",
    name = "thing-type-delete",
    description = "Deletes a thing type, five minutes after it was deprecated.")
public final class ThingTypeDeleteCommand extends CallCommand {
  @Argument(index = 0, name = "type", required = true, description = "Name of the thing type.")
  @Completion(ThingTypeNames.class)
  String type = "";

  @Override
  public Object execute() {
    call("DeleteThingType").path("thingTypeName", type).answer();
    return "";
  }
}
