package dev.gatehouse.shell;

import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code gatehouse:group-things}. */
@Service
@Command(
    scope = "gatehouse",
    name = "group-things",
    description = "Lists the things of a thing group.")
public final class GroupThingsCommand extends CallCommand {
  @Argument(index = 0, name = "group", required = true, description = "Name of the thing group.")
  @Completion(ThingGroupNames.class)
  String group = "";

  @Option(name = "--recursive", aliases = "-r", description = "Also those of the groups below it.")
  boolean recursive;

  @Override
  public Object execute() {
    pages(
        call("ListThingsInThingGroup")
            .path("thingGroupName", group)
            .query("recursive", Boolean.toString(recursive)),
        "things",
        thing -> System.out.println(thing.asText()));
    return "";
  }
}
