package dev.gatehouse.shell;

import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code gatehouse:ca-code}. */
@Service
@Command(
    scope = "gatehouse",
    name = "ca-code",
    description = "Shows the registration code that the common name of a CA's proof must be.")
public final class CaCodeCommand extends CallCommand {
  @Override
  public Object execute() {
    System.out.println(call("GetRegistrationCode").answer().get("registrationCode").asText());
    return "";
  }
}
