package dev.gatehouse.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;

/** A device with a certificate, which speaks through mosquitto's clients. */
final class Device {
  private final Gateway gateway;
  private final Path directory;
  private final String arn;

  /** Makes keys, a policy and a directory for them. */
  Device(Gateway gateway, Path directory, String policy) {
    this.gateway = gateway;
    this.directory = directory;
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    this.arn =
        gateway
            .aws(
                "iot",
                "create-keys-and-certificate",
                "--set-as-active",
                "--certificate-pem-outfile",
                directory.resolve("device.pem").toString(),
                "--private-key-outfile",
                directory.resolve("device.key").toString())
            .json()
            .get("certificateArn")
            .asText();
    String name = "policy-" + arn.substring(arn.length() - 8);
    gateway.aws("iot", "create-policy", "--policy-name", name, "--policy-document", policy).ok();
    gateway.aws("iot", "attach-policy", "--policy-name", name, "--target", arn).ok();
  }

  static String allow(String... actions) {
    return "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":[\""
        + String.join("\",\"", actions)
        + "\"],\"Resource\":\"*\"}]}";
  }

  String arn() {
    return arn;
  }

  Path certificate() {
    return directory.resolve("device.pem");
  }

  Path key() {
    return directory.resolve("device.key");
  }

  String id() {
    return arn.substring(arn.lastIndexOf('/') + 1);
  }

  private List<String> client(String program, String clientId) {
    return new ArrayList<>(
        List.of(
            "stdbuf",
            "-oL",
            program,
            "-h",
            "localhost",
            "-p",
            gateway.setting("GATEHOUSE_MQTTS_PORT"),
            "--cafile",
            gateway.home().resolve("pki/ca.pem").toString(),
            "--cert",
            directory.resolve("device.pem").toString(),
            "--key",
            directory.resolve("device.key").toString(),
            "-i",
            clientId));
  }

  Gateway.Result publish(String clientId, String version, String topic, String payload) {
    return publish(clientId, List.of("-V", version, "-q", "1", "-t", topic, "-m", payload));
  }

  Gateway.Result publish(String clientId, List<String> arguments) {
    List<String> command = client("mosquitto_pub", clientId);
    command.addAll(arguments);
    return gateway.run(command, Map.of());
  }

  /** Publishes one number after another on one connection until closed. */
  Stream stream(String clientId, String topic) {
    List<String> command = client("mosquitto_pub", clientId);
    command.addAll(List.of("-d", "-V", "mqttv5", "-q", "1", "-t", topic, "-l"));
    return new Stream(command, directory.resolve(clientId + ".log"));
  }

  /** A command that runs a script of the tests' resources with what it needs to connect as this. */
  List<String> script(String resource, String... arguments) {
    try {
      List<String> command = new ArrayList<>();
      command.add("/usr/bin/python3");
      command.add(
          Path.of(Objects.requireNonNull(getClass().getResource(resource)).toURI()).toString());
      command.addAll(
          List.of(
              "localhost",
              gateway.setting("GATEHOUSE_MQTTS_PORT"),
              gateway.home().resolve("pki/ca.pem").toString(),
              certificate().toString(),
              key().toString()));
      command.addAll(List.of(arguments));
      return command;
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Listens in the background until closed. */
  Listener listen(String clientId, String... arguments) {
    List<String> command = client("mosquitto_sub", clientId);
    command.addAll(List.of("-d", "-v", "-q", "1"));
    command.addAll(List.of(arguments));
    return new Listener(command, directory.resolve(clientId + ".log"));
  }

  /** A client's process and what it has printed. */
  static class Listener implements AutoCloseable {
    final Process process;
    private final Path log;

    Listener(List<String> command, Path log) {
      this.log = log;
      try {
        process =
            new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    String heard() {
      try {
        return Files.readString(log);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** Waits until the text has been printed. */
    void await(String text) {
      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(() -> assertThat(heard()).contains(text));
    }

    boolean alive() {
      return process.isAlive();
    }

    @Override
    public void close() {
      process.destroy();
    }
  }

  /** A publisher which goes on, a number every 20 ms, until it is closed. */
  static final class Stream extends Listener {
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private final AtomicInteger sent = new AtomicInteger();

    Stream(List<String> command, Path log) {
      super(command, log);
      Writer input = process.outputWriter();
      clock.scheduleAtFixedRate(() -> write(input), 0, 20, TimeUnit.MILLISECONDS);
    }

    private void write(Writer input) {
      try {
        input.write(sent.incrementAndGet() + "\n");
        input.flush();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    int sent() {
      return sent.get();
    }

    int acknowledged() {
      return heard().split("received PUBACK", -1).length - 1;
    }

    /** Stops, and waits until everything is acknowledged; returns how many there were. */
    int finish() {
      clock.shutdown();
      Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> clock.isTerminated());
      Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> acknowledged() == sent());
      return sent();
    }

    @Override
    public void close() {
      clock.shutdownNow();
      super.close();
    }
  }
}
