package dev.gatehouse.itests;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  /** Bundles that others may import, and the folders of those others. */
  private static final Map<String, String> SHARED =
      Map.of(
          "bundles/api", ".*",
          "bundles/edge", "bundles/(mqtt|http)",
          "bundles/camel", "bundles/actions/.*");

  private static final Path KNOWN_CYCLES = Path.of("src/test/resources/class-cycles.txt");
  private static final Map<String, List<JavaClass>> BUNDLES = Bundles.classes();
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .importPaths(Bundles.folders().stream().flatMap(Bundles::built).toList());

  @Test
  void everyBundleIsLookedAt() {
    assertThat(BUNDLES).hasSizeGreaterThanOrEqualTo(20).containsKey("bundles/actions/s3");
    BUNDLES.forEach(
        (bundle, classes) -> {
          if (!bundle.equals("bundles/tls-native")) {
            assertThat(classes).as(bundle).isNotEmpty();
          }
        });
  }

  @Test
  void noPackagesFormACycle() {
    slices().matching("dev.gatehouse.(**)").should().beFreeOfCycles().check(CLASSES);
  }

  /** Each service, action, function and driver is a slice: what they share lies in {@code api}. */
  @Test
  void noBundleImportsAnother() {
    Map<String, String> owners = Bundles.owners(BUNDLES);
    List<String> wrong = new ArrayList<>();
    BUNDLES.forEach(
        (bundle, classes) ->
            classes.stream()
                .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                .forEach(
                    dependency -> {
                      String target = dependency.getTargetClass().getPackageName();
                      String owner = owners.getOrDefault(target, bundle);
                      if (!owner.equals(bundle)
                          && !bundle.matches(SHARED.getOrDefault(owner, "none"))) {
                        wrong.add(dependency.getDescription());
                      }
                    }));
    assertThat(wrong).isEmpty();
  }

  /**
   * No class needs a class that needs it, but for those of {@code class-cycles.txt}. That list may
   * only become shorter: a class that is in no cycle any more must leave it.
   */
  @Test
  void noClassesOfABundleFormACycle() throws IOException {
    TreeSet<String> found = new TreeSet<>();
    for (List<JavaClass> classes : BUNDLES.values()) {
      ClassCycles.of(ClassCycles.graph(classes)).forEach(found::addAll);
    }
    List<String> known =
        Files.readAllLines(KNOWN_CYCLES).stream().filter(line -> !line.startsWith("#")).toList();
    assertThat(found)
        .as("break the new cycles; take what is in no cycle any more off %s", KNOWN_CYCLES)
        .containsExactlyInAnyOrderElementsOf(known);
  }

  @Test
  void aCycleIsFoundHoweverLong() {
    assertThat(
            ClassCycles.of(
                Map.of(
                    "a", Set.of("b", "f"),
                    "b", Set.of("c"),
                    "c", Set.of("a", "d"),
                    "d", Set.of("e"),
                    "e", Set.of("e"))))
        .containsExactly(Set.of("a", "b", "c"));
  }

  @Test
  void nettyStaysInTheEdges() {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            "dev.gatehouse.mqtt..", "dev.gatehouse.http..", "dev.gatehouse.edge..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.netty..")
        .check(CLASSES);
  }

  @Test
  void camelStaysInTheActions() {
    noClasses()
        .that()
        .resideOutsideOfPackages("dev.gatehouse.actions..", "dev.gatehouse.camel..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.apache.camel..")
        .check(CLASSES);
  }

  @Test
  void theContractsKnowNothingButJavaAndOsgiAnnotations() {
    noClasses()
        .that()
        .resideInAPackage("dev.gatehouse.api..")
        .should()
        .dependOnClassesThat()
        .resideOutsideOfPackages(
            "dev.gatehouse.api..",
            "java..",
            "javax.net.ssl..",
            "org.osgi.annotation..",
            "org.jspecify.annotations..")
        .check(CLASSES);
  }

  /**
   * Each bundle that serves operations tries them with its own ResourceLawTest: rights are asked
   * for what a call acts on. The edge has a test of its own, and the audit trail's one operation
   * names no resource.
   */
  @Test
  void everyModuleOfOperationsIsHeldToTheLawOfResources() throws IOException {
    List<String> without = new ArrayList<>();
    try (Stream<Path> files = Files.walk(Path.of("../bundles"))) {
      for (Path file : files.filter(ArchitectureTest::servesOperations).toList()) {
        Path test =
            Path.of(file.toString().replace("/src/main/", "/src/test/"))
                .resolveSibling("ResourceLawTest.java");
        if (!Files.exists(test)) {
          without.add(file.getFileName().toString());
        }
      }
    }
    assertThat(without).containsExactlyInAnyOrder("OwnOperations.java", "AuditLog.java");
  }

  private static boolean servesOperations(Path file) {
    try {
      return file.toString().matches(".*/src/main/java/.*[.]java")
          && Files.readString(file).contains("public List<ApiOperation> operations()");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
