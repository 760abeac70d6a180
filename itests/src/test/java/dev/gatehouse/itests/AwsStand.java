package dev.gatehouse.itests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A gateway on which every operation can be called with success: there is a second account, and
 * rules may send to hosts with the certificate of {@link #hook()}.
 */
final class AwsStand implements AutoCloseable {
  static final String SECOND = "210987654321";

  private final Path directory;
  private final Gateway gateway;
  private final Map<String, String> environment;

  AwsStand(Path directory) {
    this.directory = directory;
    this.gateway = new Gateway(directory.resolve("home"));
    allowHooks();
    gateway.up();
    this.environment = gateway.environment();
    environment.put("SECOND_ACCOUNT", SECOND);
    gateway
        .shell("gatehouse:account-create " + SECOND + " upstairs")
        .ok()
        .lines()
        .map(line -> line.strip().split("=", 2))
        .filter(pair -> pair[0].startsWith("AWS_"))
        .forEach(pair -> environment.put(pair[0].replace("AWS_", "SECOND_"), pair[1]));
    environment.put("HOOK_CERTIFICATE", hook().toString());
    environment.put("HOOK_KEY", directory.resolve("hook.key").toString());
    environment.put("AWS_PAGER", "");
  }

  /** The certificate of servers on localhost that rules may send to. */
  Path hook() {
    return directory.resolve("hook.pem");
  }

  private void allowHooks() {
    List<String> made =
        List.of(
            "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj /CN=localhost"
                .split(" "));
    List<String> command = new ArrayList<>(made);
    command.addAll(List.of("-addext", "subjectAltName=DNS:localhost"));
    command.addAll(List.of("-keyout", "hook.key", "-out", "hook.pem"));
    gateway.run(command, Map.of(), directory).ok();
    Path trusted = Keys.trustStore(hook(), directory.resolve("hook.p12"));
    gateway.with(
        "GATEHOUSE_JAVA_OPTS",
        "-Djavax.net.ssl.trustStore="
            + trusted
            + " -Djavax.net.ssl.trustStorePassword="
            + Keys.PASSWORD);
    try {
      Path etc = Files.createDirectories(gateway.home().resolve("etc"));
      Files.writeString(etc.resolve("dev.gatehouse.rules.destinations.cfg"), "hosts = localhost\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What clients need to know, with {@code SECOND_…} of the second account's administrator. */
  Map<String, String> environment() {
    return environment;
  }

  /**
   * Runs parts of a script among the resources in {@code /aws}. Its assertions are its own; its
   * output are the operations that succeeded.
   */
  List<String> python(String script, String... parts) {
    try {
      Path file =
          Path.of(
              Objects.requireNonNull(AwsStand.class.getResource("/aws/" + script), script).toURI());
      List<String> command = new ArrayList<>(List.of("/usr/bin/python3", "-B", file.toString()));
      command.addAll(List.of(parts));
      return gateway.run(command, environment, directory).ok().lines().toList();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    gateway.close();
  }
}
