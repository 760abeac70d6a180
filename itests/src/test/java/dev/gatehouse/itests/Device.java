package dev.gatehouse.itests;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

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
    List<String> command = client("mosquitto_pub", clientId);
    command.addAll(List.of("-V", version, "-q", "1", "-t", topic, "-m", payload));
    return gateway.run(command, Map.of());
  }

  /** Publishes numbers from 1 on one connection, 50 a second, until closed. */
  Publisher publishNumbers(String clientId, String topic) {
    List<String> command = client("mosquitto_pub", clientId);
    command.addAll(List.of("-d", "-V", "mqttv5", "-q", "1", "-t", topic, "-l"));
    return new Publisher(command, directory.resolve(clientId + ".log"));
  }

  /** A publisher's process, which is given a line for each message. */
  static final class Publisher implements AutoCloseable {
    private final Process process;
    private final Path log;
    private final AtomicInteger published = new AtomicInteger();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

    Publisher(List<String> command, Path log) {
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
      timer.scheduleAtFixedRate(this::next, 0, 20, TimeUnit.MILLISECONDS);
    }

    private void next() {
      try {
        OutputStream lines = process.getOutputStream();
        lines.write((published.incrementAndGet() + "\n").getBytes(StandardCharsets.US_ASCII));
        lines.flush();
      } catch (IOException e) {
        throw new UncheckedIOException(e); // ends the timer; the numbers will be missed
      }
    }

    int published() {
      return published.get();
    }

    /** Publishes no more; ends when all has been acknowledged. */
    void finish() throws IOException, InterruptedException {
      timer.shutdown();
      if (!timer.awaitTermination(5, TimeUnit.SECONDS)) {
        throw new AssertionError("the publisher is stuck");
      }
      process.getOutputStream().close();
      if (!process.waitFor(20, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new AssertionError("the publisher failed:\n" + Files.readString(log));
      }
    }

    String said() {
      try {
        return Files.readString(log);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void close() {
      timer.shutdownNow();
      process.destroy();
    }
  }

  Path certificate() {
    return directory.resolve("device.pem");
  }

  Path privateKey() {
    return directory.resolve("device.key");
  }

  /** Listens in the background until closed. */
  Listener listen(String clientId, String... arguments) {
    List<String> command = client("mosquitto_sub", clientId);
    command.addAll(List.of("-d", "-v", "-q", "1"));
    command.addAll(List.of(arguments));
    return new Listener(command, directory.resolve(clientId + ".log"));
  }

  /** A subscriber's process and what it has printed. */
  static final class Listener implements AutoCloseable {
    private final Process process;
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

    boolean alive() {
      return process.isAlive();
    }

    @Override
    public void close() {
      process.destroy();
    }
  }
}
