package dev.gatehouse.shell;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.table.ShellTable;

/** {@code gatehouse:thing-type-list}. */
@Service
@Command(scope = "gatehouse", name = "thing-type-list", description = "Lists thing types.")
public final class ThingTypeListCommand extends CallCommand {
  @Override
  public Object execute() {
    ShellTable table = table("Name", "Searchable", "Deprecated", "Description");
    pages(
        call("ListThingTypes"),
        "thingTypes",
        type ->
            table
                .addRow()
                .addContent(
                    type.get("thingTypeName").asText(),
                    searchable(type),
                    type.at("/thingTypeMetadata/deprecated").asBoolean() ? "yes" : "",
                    type.at("/thingTypeProperties/thingTypeDescription").asText()));
    table.emptyTableText("No thing types.").print(System.out);
    return "";
  }

  private static String searchable(JsonNode type) {
    List<String> names = new ArrayList<>();
    type.at("/thingTypeProperties/searchableAttributes").forEach(name -> names.add(name.asText()));
    return String.join(" ", names);
  }
}
