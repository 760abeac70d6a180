package dev.gatehouse.shell;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code gatehouse:cert-create}. */
@Service
@Command(
    scope = "gatehouse",
    name = "cert-create",
    description = "Makes a certificate and its keys, in two files.")
public final class CertCreateCommand extends CallCommand {
  @Argument(
      index = 0,
      name = "prefix",
      required = true,
      description = "Absolute path of the files, without .pem and .key.")
  String prefix = "";

  @Option(name = "--active", description = "Activates it at once.")
  boolean active;

  @Override
  public Object execute() throws IOException {
    Path pem = TextFiles.path(prefix + ".pem");
    Path key = TextFiles.path(prefix + ".key");
    if (Files.exists(pem) || Files.exists(key)) {
      throw new IllegalArgumentException(pem + " or " + key + " is there already");
    }
    ObjectNode made =
        call("CreateKeysAndCertificate").query("setAsActive", Boolean.toString(active)).answer();
    TextFiles.write(key, made.at("/keyPair/PrivateKey").asText());
    TextFiles.write(pem, made.get("certificatePem").asText());
    System.out.println(made.get("certificateId").asText());
    return "";
  }
}
