package dev.gatehouse.shell;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.json.Json;
import java.io.IOException;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code gatehouse:cert-register}. */
@Service
@Command(
    scope = "gatehouse",
    name = "cert-register",
    description = "Registers a certificate that was made elsewhere.")
public final class CertRegisterCommand extends CallCommand {
  @Argument(
      index = 0,
      name = "file",
      required = true,
      description = "Absolute path of the certificate in PEM form.")
  String file = "";

  @Option(name = "--without-ca", description = "Registers it without a registered CA.")
  boolean withoutCa;

  @Option(
      name = "--ca",
      description = "Absolute path of its CA in PEM form, if several could be meant.")
  String ca = "";

  @Option(name = "--active", description = "Activates it at once.")
  boolean active;

  @Override
  public Object execute() throws IOException {
    ObjectNode body = Json.object().put("certificatePem", TextFiles.read(file));
    body.put("status", active ? "ACTIVE" : "INACTIVE");
    if (!ca.isEmpty()) {
      body.put("caCertificatePem", TextFiles.read(ca));
    }
    String operation = withoutCa ? "RegisterCertificateWithoutCA" : "RegisterCertificate";
    System.out.println(call(operation).body(body).answer().get("certificateId").asText());
    return "";
  }
}
