package dev.gatehouse.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every operation by Debian's boto3: the scripts assert on answers and errors. */
class AwsApiIT {
  private static final List<String> PARTS =
      List.of(
          "registry.things",
          "registry.principals",
          "registry.events",
          "registry.types",
          "registry.groups",
          "registry.billing",
          "registry.logging",
          "certificates.keys",
          "certificates.authorities",
          "certificates.transfers",
          "policies.versions",
          "policies.attachments",
          "rules.lifecycle",
          "rules.destinations",
          "data.shadows",
          "data.named",
          "data.publishing",
          "users.people",
          "users.managed",
          "users.roles",
          "users.identities",
          "audit.lookup");

  @TempDir static Path directory;
  private static AwsStand stand;

  @BeforeAll
  static void up() {
    stand = new AwsStand(directory);
  }

  @AfterAll
  static void down() {
    stand.close();
  }

  static Stream<String> parts() {
    return PARTS.stream();
  }

  @ParameterizedTest
  @MethodSource("parts")
  void operationsAnswerAsAwsDoes(String part) {
    assertThat(stand.run(part)).isNotEmpty();
  }

  @Test
  void everyOperationHasSucceeded() {
    AwsOperations.assertCoveredByDebian(stand.run(PARTS));
  }

  @Test
  void whatIsNotUnderstoodIsToldInAwsForm() {
    assertThat(stand.run("registry.wire")).contains("iot DeleteThing");
  }

  @Test
  void aTokenOfOneListIsRefusedByAllOthers() {
    assertThat(stand.run("pages.tokens")).contains("iot ListThings");
  }

  @Test
  void aThrottledBurstSucceedsByTheClientsRetries() {
    assertThat(stand.run("registry.throttling")).contains("iot DescribeThing");
  }
}
