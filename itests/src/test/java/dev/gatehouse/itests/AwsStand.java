package dev.gatehouse.itests;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * A gateway on which every operation can be called with success: there is a second account, and
 * rules may send to hosts with the certificate of {@link #hook()}.
 */
final class AwsStand implements AutoCloseable {
  static final String SECOND = "210987654321";

  private static final String KEY = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes";

  private final Path directory;
  private final Gateway gateway;
  private final Map<String, String> environment;
  private final Map<String, List<String>> succeeded = new HashMap<>(); // by part

  AwsStand(Path directory) {
    this.directory = directory;
    this.gateway = new Gateway(directory.resolve("home"));
    allowHooks();
    gateway.up();
    gateway.shell("feature:install gatehouse-action-http").ok();
    this.environment = gateway.environment();
    environment.put("SECOND_ACCOUNT", SECOND);
    createAccount(SECOND, "upstairs", "SECOND_");
    createAccount("321098765432", "pages", "PAGES_");
    environment.put("HOOK_CERTIFICATE", hook().toString());
    environment.put("HOOK_KEY", directory.resolve("hook.key").toString());
    environment.put("AWS_PAGER", "");
  }

  /** The certificate of servers on localhost that rules may send to. */
  Path hook() {
    return directory.resolve("hook.pem");
  }

  /** Their key and certificate, for a server in this JVM. */
  SSLContext hookContext() throws IOException, GeneralSecurityException {
    openssl("pkcs12 -export -in hook.pem -inkey hook.key -out key.p12 -passout pass:changeit");
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(directory.resolve("key.p12"))) {
      store.load(in, Keys.PASSWORD.toCharArray());
    }
    KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(store, Keys.PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }

  /** Creates an account; clients find its administrator's access key under the prefix. */
  private void createAccount(String id, String alias, String prefix) {
    gateway
        .shell("gatehouse:account-create " + id + " " + alias)
        .ok()
        .lines()
        .map(line -> line.strip().split("=", 2))
        .filter(pair -> pair[0].startsWith("AWS_"))
        .forEach(pair -> environment.put(pair[0].replace("AWS_", prefix), pair[1]));
  }

  private void openssl(String arguments) {
    List<String> command = new ArrayList<>(List.of("openssl"));
    command.addAll(List.of(arguments.split(" ")));
    gateway.run(command, Map.of(), directory).ok();
  }

  private String pem(String file) {
    try {
      return Files.readString(directory.resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A signing request, and its key. */
  String request(String name, String subject) {
    openssl("req -new %s -keyout %s.key -subj %s -out %2$s.csr".formatted(KEY, name, subject));
    return pem(name + ".csr");
  }

  /** A self-signed certificate, of a CA or of a device. */
  String authority(String name) {
    openssl(
        "req -x509 %s -keyout %s.key -subj /CN=%2$s -days 30 -out %2$s.pem".formatted(KEY, name));
    return pem(name + ".pem");
  }

  /** A certificate that a CA has signed. */
  String signed(String name, String subject, String ca) {
    request(name, subject);
    openssl(
        "x509 -req -in %s.csr -CA %s.pem -CAkey %2$s.key -CAcreateserial -days 10 -out %1$s.pem"
            .formatted(name, ca));
    return pem(name + ".pem");
  }

  private void allowHooks() {
    openssl(
        "req -x509 "
            + KEY
            + " -days 30 -subj /CN=localhost -addext subjectAltName=DNS:localhost"
            + " -keyout hook.key -out hook.pem");
    Path trusted = Keys.trustStore(hook(), directory.resolve("hook.p12"));
    gateway.with(
        "GATEHOUSE_JAVA_OPTS",
        "-Djavax.net.ssl.trustStore="
            + trusted
            + " -Djavax.net.ssl.trustStorePassword="
            + Keys.PASSWORD);
    try {
      Path etc = Files.createDirectories(gateway.home().resolve("etc"));
      Files.writeString(
          etc.resolve("dev.gatehouse.rules.destinations.cfg"), "hosts = localhost=127.0.0.0/8\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What clients need to know, with {@code SECOND_…} of the second account's administrator. */
  Map<String, String> environment() {
    return environment;
  }

  /** Runs a part of the scripts, once: the operations that it has called with success. */
  List<String> run(String part) {
    return succeeded.computeIfAbsent(part, this::python);
  }

  private List<String> python(String part) {
    try {
      Path script =
          Path.of(Objects.requireNonNull(AwsStand.class.getResource("/aws/run.py")).toURI());
      return gateway
          .run(List.of("/usr/bin/python3", "-B", script.toString(), part), environment, directory)
          .ok()
          .lines()
          .toList();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The operations that these parts have called with success. */
  List<String> run(List<String> parts) {
    return parts.stream().flatMap(part -> run(part).stream()).toList();
  }

  @Override
  public void close() {
    gateway.close();
  }
}
