package dev.gatehouse.itests;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** A gateway of the built distribution, in a home of its own, on free ports. */
final class Gateway implements AutoCloseable {
  static final ObjectMapper JSON = new ObjectMapper();

  private final Path home;
  private final Path distribution;
  private final Map<String, String> settings = new HashMap<>();

  Gateway(Path home) {
    this(home, Path.of(System.getProperty("gatehouse.distribution")));
  }

  Gateway(Path home, Path distribution) {
    this.home = home;
    this.distribution = distribution;
    for (String name :
        List.of("GATEHOUSE_MQTTS_PORT", "GATEHOUSE_HTTPS_PORT", "GATEHOUSE_SSH_PORT")) {
      settings.put(name, Integer.toString(freePort()));
    }
    settings.put("GATEHOUSE_RESTART", "no"); // a test that kills it says when it starts again
  }

  /**
   * A free port below those that the system gives to outgoing connections: nobody takes it while a
   * gateway is down for a moment.
   */
  static int freePort() {
    for (int attempt = 0; attempt < 100; attempt++) {
      int port = ThreadLocalRandom.current().nextInt(10_000, 32_768);
      try (ServerSocket socket = new ServerSocket(port)) {
        return socket.getLocalPort();
      } catch (BindException taken) {
        continue;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    throw new IllegalStateException("no free port was found");
  }

  /** Whether this user may listen there, and nobody does. */
  static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket(port)) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }

  Path home() {
    return home;
  }

  Gateway with(String setting, String value) {
    settings.put(setting, value);
    return this;
  }

  String setting(String name) {
    return settings.getOrDefault(name, "");
  }

  /** Before the first start: limits of calls as a setting of the HTTPS edge has them. */
  Gateway throttle(String setting, String value) {
    try {
      Path etc = Files.createDirectories(home.resolve("etc"));
      Files.writeString(
          etc.resolve("dev.gatehouse.http.cfg"),
          "port = $[env:GATEHOUSE_HTTPS_PORT;default=8443]\n" + setting + " = " + value + "\n");
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What a command printed and how it ended. */
  record Result(int code, String out) {
    String ok() {
      if (code != 0) {
        throw new AssertionError("exit status " + code + ":\n" + out);
      }
      return out.strip();
    }

    JsonNode json() {
      try {
        return JSON.readTree(ok());
      } catch (IOException e) {
        throw new UncheckedIOException(out, e);
      }
    }
  }

  /** Runs a command with the gateway's settings; output and errors together. */
  Result run(List<String> command, Map<String, String> environment) {
    return run(command, environment, Path.of("").toAbsolutePath());
  }

  /** Runs a command in a directory. */
  Result run(List<String> command, Map<String, String> environment, Path directory) {
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectErrorStream(true).directory(directory.toFile());
      builder.environment().remove("GATEHOUSE_HOME");
      builder.environment().putAll(settings);
      builder.environment().putAll(environment);
      Path out = Files.createTempFile("gatehouse-itest", ".out");
      Process process =
          builder.redirectOutput(out.toFile()).redirectInput(Path.of("/dev/null").toFile()).start();
      if (!process.waitFor(240, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("took too long: " + command);
      }
      String text = Files.readString(out, StandardCharsets.UTF_8);
      Files.delete(out);
      return new Result(process.exitValue(), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  Result launcher(String... arguments) {
    List<String> command =
        new ArrayList<>(List.of("sh", distribution.resolve("gatehouse").toString()));
    command.addAll(List.of(arguments));
    command.addAll(List.of("--home", home.toString()));
    return run(command, Map.of());
  }

  Gateway up() {
    launcher("up", "-d").ok();
    return this;
  }

  /** As {@link #up()}, with so many file descriptors at most. */
  Gateway up(int descriptors) {
    String launcher = distribution.resolve("gatehouse").toString();
    String command = "ulimit -n " + descriptors + " && exec sh \"$0\" up -d --home \"$1\"";
    run(List.of("sh", "-c", command, launcher, home.toString()), Map.of()).ok();
    return this;
  }

  long pid() {
    return launcher("status", "--json").json().get("pid").asLong();
  }

  ProcessHandle process() {
    return ProcessHandle.of(pid()).orElseThrow();
  }

  /** The lines of {@code gatehouse env}. */
  Map<String, String> environment() {
    Map<String, String> environment = new HashMap<>();
    for (String line : launcher("env").ok().split("\n")) {
      String[] pair = line.substring("export ".length()).split("=", 2);
      environment.put(pair[0], pair[1].replace("'", ""));
    }
    return environment;
  }

  /** The AWS CLI of the distribution's own package, not what a developer's machine may have. */
  Result aws(String service, String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "/usr/bin/aws",
                "--endpoint-url",
                "https://localhost:" + setting("GATEHOUSE_HTTPS_PORT"),
                "--output",
                "json",
                "--cli-connect-timeout",
                "10",
                service));
    command.addAll(List.of(arguments));
    return run(command, environment());
  }

  Result shell(String command) {
    return launcher("shell", command);
  }

  /** The log's last warnings and errors. */
  String complaints() {
    List<String> lines =
        log().lines().filter(line -> line.contains("| WARN") || line.contains("| ERROR")).toList();
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
  }

  String log() {
    try {
      return Files.readString(home.resolve("data/log/gatehouse.log"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    launcher("down");
  }
}
