package dev.gatehouse.shell;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.json.Json;
import java.io.IOException;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code gatehouse:ca-register}. */
@Service
@Command(scope = "gatehouse", name = "ca-register", description = "Registers a CA.")
public final class CaRegisterCommand extends CallCommand {
  @Argument(
      index = 0,
      name = "file",
      required = true,
      description = "Absolute path of the CA certificate in PEM form.")
  String file = "";

  @Argument(
      index = 1,
      name = "proof",
      required = true,
      description = "Absolute path of a certificate on the registration code that it signed.")
  String proof = "";

  @Option(name = "--active", description = "Activates it at once.")
  boolean active;

  @Option(name = "--auto", description = "Registers devices when they first connect.")
  boolean auto;

  @Override
  public Object execute() throws IOException {
    ObjectNode body =
        Json.object()
            .put("caCertificate", TextFiles.read(file))
            .put("verificationCertificate", TextFiles.read(proof));
    System.out.println(
        call("RegisterCACertificate")
            .query("setAsActive", Boolean.toString(active))
            .query("allowAutoRegistration", Boolean.toString(auto))
            .body(body)
            .answer()
            .get("certificateId")
            .asText());
    return "";
  }
}
