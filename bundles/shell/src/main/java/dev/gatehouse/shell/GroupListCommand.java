package dev.gatehouse.shell;

import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code gatehouse:group-list}. */
@Service
@Command(scope = "gatehouse", name = "group-list", description = "Lists thing groups.")
public final class GroupListCommand extends CallCommand {
  @Option(name = "--parent", aliases = "-p", description = "Only those below this group.")
  @Completion(ThingGroupNames.class)
  String parent = "";

  @Option(name = "--recursive", aliases = "-r", description = "With a parent: all the way down.")
  boolean recursive;

  @Option(name = "--thing", description = "Only those that this thing is in.")
  @Completion(ThingNames.class)
  String thing = "";

  @Override
  public Object execute() {
    Calls.Call call =
        thing.isEmpty()
            ? call("ListThingGroups")
                .query("parentGroup", parent)
                .query("recursive", recursive ? "true" : "")
            : call("ListThingGroupsForThing").path("thingName", thing);
    pages(call, "thingGroups", group -> System.out.println(group.get("groupName").asText()));
    return "";
  }
}
