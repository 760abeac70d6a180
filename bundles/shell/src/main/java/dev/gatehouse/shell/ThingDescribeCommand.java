package dev.gatehouse.shell;

import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code gatehouse:thing-describe}. */
@Service
@Command(scope = "gatehouse", name = "thing-describe", description = "Shows a thing.")
public final class ThingDescribeCommand extends CallCommand {
  @Argument(index = 0, name = "thing", required = true, description = "Name of the thing.")
  @Completion(ThingNames.class)
  String thing = "";

  @Override
  public Object execute() {
    print(call("DescribeThing").path("thingName", thing).answer());
    return "";
  }
}
