package dev.gatehouse.itests;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
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
}
