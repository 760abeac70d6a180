package dev.gatehouse.shell;

import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code gatehouse:group-describe}. */
@Service
@Command(scope = "gatehouse", name = "group-describe", description = "Shows a thing group.")
public final class GroupDescribeCommand extends CallCommand {
  @Argument(index = 0, name = "group", required = true, description = "Name of the thing group.")
  @Completion(ThingGroupNames.class)
  String group = "";

  @Override
  public Object execute() {
    print(call("DescribeThingGroup").path("thingGroupName", group).answer());
    return "";
  }
}
