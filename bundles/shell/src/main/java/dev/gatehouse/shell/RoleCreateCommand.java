package dev.gatehouse.shell;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.json.Json;
import java.util.ArrayList;
import java.util.List;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code gatehouse:role-create}. */
@Service
@Command(
    scope = "gatehouse",
    name = "role-create",
    description = "Makes a role that services, accounts, users or roles may take.")
public final class RoleCreateCommand extends IamCommand {
  @Argument(index = 0, name = "role", required = true, description = "Name of the role.")
  String name = "";

  @Option(
      name = "--service",
      multiValued = true,
      description = "A service that may take it; iot.amazonaws.com for rules.")
  List<String> services = new ArrayList<>();

  @Option(
      name = "--principal",
      multiValued = true,
      description = "An account's id, or the ARN of a user or role that may take it.")
  List<String> principals = new ArrayList<>();

  @Override
  public Object execute() {
    if (services.isEmpty() && principals.isEmpty()) {
      throw new IllegalArgumentException("say with --service or --principal who may take it");
    }
    print(
        call("CreateRole")
            .query("RoleName", name)
            .query("AssumeRolePolicyDocument", trust())
            .answer());
    return "";
  }

  private String trust() {
    ObjectNode document = Json.object().put("Version", "2012-10-17");
    ObjectNode statement = document.putArray("Statement").addObject().put("Effect", "Allow");
    ObjectNode principal = statement.putObject("Principal");
    if (!services.isEmpty()) {
      services.forEach(principal.putArray("Service")::add);
    }
    if (!principals.isEmpty()) {
      principals.forEach(principal.putArray("AWS")::add);
    }
    statement.put("Action", "sts:AssumeRole");
    return Json.text(document);
  }
}
