package dev.gatehouse.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./gatehouse new} in a clean copy of the source: what it makes is built and deployed. */
class NewBundleIT {
  private static final Map<String, String> FOLDERS =
      new TreeMap<>(
          Map.of(
              "action", "bundles/actions/newaction",
              "function", "bundles/functions/newfunction",
              "service", "bundles/newservice",
              "driver", "device-drivers/newdriver"));
  private static final List<String> TYPES =
      List.of(
          "actions.newaction.NewactionType",
          "functions.newfunction.NewfunctionFunction",
          "newservice.NewserviceService",
          "drivers.newdriver.NewdriverDriver");
  private static final Set<String> LEFT_OUT = Set.of("target", ".git", ".gatehouse");
  private static final Pattern FAILED =
      Pattern.compile("(?s)<testcase name=\"(\\w+)\"[^>]*>\\s*<failure message=\"([^\"]*)");

  @TempDir static Path directory;
  private static Path source;
  private static Gateway gateway;

  @BeforeAll
  static void make() throws IOException {
    gateway = new Gateway(directory.resolve("home"));
    source = directory.resolve("source");
    copy(Path.of(System.getProperty("gatehouse.source")).toAbsolutePath().normalize());
    FOLDERS.keySet().forEach(kind -> launcher("new", kind, "new" + kind).ok());
  }

  private static Gateway.Result launcher(String... arguments) {
    List<String> command = new ArrayList<>(List.of("sh", source.resolve("gatehouse").toString()));
    command.addAll(List.of(arguments));
    return gateway.run(command, Map.of());
  }

  private static void copy(Path from) throws IOException {
    Files.walkFileTree(
        from,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
              throws IOException {
            if (LEFT_OUT.contains(folder.getFileName().toString())) {
              return FileVisitResult.SKIP_SUBTREE;
            }
            Files.createDirectories(source.resolve(from.relativize(folder).toString()));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (attributes.isRegularFile()) {
              Files.copy(
                  file,
                  source.resolve(from.relativize(file).toString()),
                  StandardCopyOption.COPY_ATTRIBUTES);
            }
            return FileVisitResult.CONTINUE;
          }
        });
  }

  @Test
  void aNewBundleTouchesOneFileOutsideItsFolder() throws IOException {
    Path original = Path.of(System.getProperty("gatehouse.source")).toAbsolutePath().normalize();
    Set<String> touched = new TreeSet<>();
    try (Stream<Path> files = Files.walk(source)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = source.relativize(file).toString();
        Path before = original.resolve(name);
        boolean same = Files.exists(before) && Files.mismatch(before, file) < 0;
        if (!same
            && !name.contains("target/")
            && FOLDERS.values().stream().noneMatch(made -> name.startsWith(made + "/"))) {
          touched.add(name);
        }
      }
    }
    assertThat(touched).containsExactly("bundles/all/pom.xml");
  }

  @Test
  void aNameThatIsTakenOrUnfitIsRefused() {
    assertThat(launcher("new", "action", "s3").out())
        .contains("bundles/actions/s3 is there already");
    assertThat(launcher("new", "action", "Big").out()).contains("the name is 'Big'");
    assertThat(launcher("new", "room", "x").out()).contains("not 'room'");
  }

  /**
   * Each is red by a test that says what is to be written, and is a bundle that the gateway runs.
   */
  @Test
  void allFourAreBuiltAndDeployed() throws IOException {
    gateway
        .run(
            List.of(
                "mvn",
                "-B",
                "-ntp",
                "-o",
                "-q",
                "-T2",
                "-Dmaven.repo.local=" + System.getProperty("local.repository"),
                "-Dmaven.test.failure.ignore=true",
                // Where lines break depends on the length of the names.
                "-Dspotless.check.skip=true",
                "-Dtest=New*Test,dev.gatehouse.newservice.ResourceLawTest",
                "-Dsurefire.failIfNoSpecifiedTests=false",
                "-pl",
                String.join(",", FOLDERS.values()),
                "-am",
                "package"),
            Map.of(),
            source)
        .ok();
    for (String folder : FOLDERS.values()) {
      assertThat(reds(source.resolve(folder)))
          .as(folder)
          .hasSize(1)
          .allSatisfy((test, message) -> assertThat(message).containsAnyOf("write ", "add "));
    }
    try (Gateway running = gateway.up()) {
      for (String folder : FOLDERS.values()) {
        Path jar = jar(source.resolve(folder));
        Files.copy(jar, running.home().resolve("deploy").resolve(jar.getFileName()));
      }
      for (String type : TYPES) {
        await()
            .atMost(Duration.ofSeconds(60))
            .untilAsserted(
                () ->
                    assertThat(running.shell("scr:list | grep \"\"").ok())
                        .containsPattern(
                            type + " in bundle .*\\s+Id: \\d+, State:(ACTIVE|SATISFIED)"));
      }
      assertThat(running.log()).doesNotContain(" ERROR ");
    }
  }

  /** The messages of the failed tests of a module by name. */
  private static Map<String, String> reds(Path module) throws IOException {
    Map<String, String> reds = new TreeMap<>();
    try (Stream<Path> reports = Files.list(module.resolve("target/surefire-reports"))) {
      for (Path report : reports.filter(file -> file.toString().endsWith(".xml")).toList()) {
        FAILED
            .matcher(Files.readString(report))
            .results()
            .forEach(failed -> reds.put(failed.group(1), failed.group(2)));
      }
    }
    return reds;
  }

  private static Path jar(Path module) throws IOException {
    try (Stream<Path> files = Files.list(module.resolve("target"))) {
      return files.filter(file -> file.toString().endsWith(".jar")).findFirst().orElseThrow();
    }
  }
}
