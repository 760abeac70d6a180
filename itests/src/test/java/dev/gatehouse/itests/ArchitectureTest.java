package dev.gatehouse.itests;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private static final List<String> IMPLEMENTATIONS =
      List.of(
          "memory",
          "store",
          "identity",
          "iam",
          "audit",
          "broker",
          "mqtt",
          "http",
          "registry",
          "shadow",
          "rules",
          "actions",
          "functions",
          "monitoring",
          "shell",
          "drivers");
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.gatehouse");

  @Test
  void everyBundleIsLookedAt() {
    for (String name : IMPLEMENTATIONS) {
      assertThat(
              CLASSES.stream().filter(c -> c.getPackageName().startsWith("dev.gatehouse." + name)))
          .as(name)
          .isNotEmpty();
    }
  }

  @Test
  void noPackagesFormACycle() {
    slices().matching("dev.gatehouse.(**)").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void noImplementationImportsAnother() {
    for (String one : IMPLEMENTATIONS) {
      for (String other : IMPLEMENTATIONS) {
        if (!one.equals(other)) {
          noClasses()
              .that()
              .resideInAPackage("dev.gatehouse." + one + "..")
              .should()
              .dependOnClassesThat()
              .resideInAPackage("dev.gatehouse." + other + "..")
              .check(CLASSES);
        }
      }
    }
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
