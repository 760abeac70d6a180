package dev.gatehouse.shell;

import com.fasterxml.jackson.databind.JsonNode;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code gatehouse:user-key-create}. */
@Service
@Command(
    scope = "gatehouse",
    name = "user-key-create",
    description = "Makes an access key of a user, and tells its secret, once.")
public final class UserKeyCreateCommand extends IamCommand {
  @Argument(index = 0, name = "user", required = true, description = "Name of the user.")
  @Completion(UserNames.class)
  String name = "";

  @Override
  public Object execute() {
    JsonNode key = call("CreateAccessKey").query("UserName", name).answer().path("AccessKey");
    System.out.println("AWS_ACCESS_KEY_ID=" + key.path("AccessKeyId").asText());
    System.out.println("AWS_SECRET_ACCESS_KEY=" + key.path("SecretAccessKey").asText());
    return "";
  }
}
