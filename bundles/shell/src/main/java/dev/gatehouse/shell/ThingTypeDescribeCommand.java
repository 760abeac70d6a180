package dev.gatehouse.shell;

import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code gatehouse:thing-type-describe}. */
@Service
@Command(scope = "gatehouse", name = "thing-type-describe", description = "Shows a thing type.")
public final class ThingTypeDescribeCommand extends CallCommand {
  @Argument(index = 0, name = "type", required = true, description = "Name of the thing type.")
  @Completion(ThingTypeNames.class)
  String type = "";

  @Override
  public Object execute() {
    print(call("DescribeThingType").path("thingTypeName", type).answer());
    return "";
  }
}
