package dev.gatehouse.shell;

import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code gatehouse:thing-delete}. */
@Service
@Command(
    scope = "gatehouse",
    name = "thing-delete",
    description = "Deletes a thing; its principals must be detached.")
public final class ThingDeleteCommand extends CallCommand {
  @Argument(index = 0, name = "thing", required = true, description = "Name of the thing.")
  @Completion(ThingNames.class)
  String thing = "";

  @Option(name = "--version", aliases = "-v", description = "Only if it has this version.")
  String version = "";

  @Override
  public Object execute() {
    call("DeleteThing").path("thingName", thing).query("expectedVersion", version).answer();
    return "";
  }
}
