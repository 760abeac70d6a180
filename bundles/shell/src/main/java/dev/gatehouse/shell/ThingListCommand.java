package dev.gatehouse.shell;

import java.util.List;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.table.ShellTable;

/** {@code gatehouse:thing-list}. */
@Service
@Command(
    scope = "gatehouse",
    name = "thing-list",
    description = "Lists things, all or those of a type or with an attribute.")
public final class ThingListCommand extends CallCommand {
  @Option(name = "--type", aliases = "-t", description = "Only things of this type.")
  @Completion(ThingTypeNames.class)
  String type = "";

  @Option(
      name = "--attribute",
      aliases = "-a",
      description = "Only things with this attribute, name=value.")
  String attribute = "";

  @Override
  public Object execute() {
    Calls.Call call = call("ListThings").query("thingTypeName", type);
    if (!attribute.isEmpty()) {
      attributes(List.of(attribute))
          .get("attributes")
          .properties()
          .forEach(
              wanted ->
                  call.query("attributeName", wanted.getKey())
                      .query("attributeValue", wanted.getValue().asText()));
    }
    ShellTable table = table("Name", "Type", "Version", "Attributes");
    pages(
        call,
        "things",
        thing ->
            table
                .addRow()
                .addContent(
                    thing.get("thingName").asText(),
                    thing.path("thingTypeName").asText(),
                    thing.get("version").asLong(),
                    text(thing.get("attributes"))));
    table.emptyTableText("No things.").print(System.out);
    return "";
  }
}
