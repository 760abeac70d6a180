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

/**
 * Every operation by Debian's AWS CLI: the scripts type commands and look at what they print. They
 * run the CLI in one process for each part, since starting it costs a second of CPU each time.
 */
class AwsCliIT {
  private static final List<String> PARTS =
      List.of(
          "cli_registry.things",
          "cli_registry.types",
          "cli_registry.groups",
          "cli_registry.settings",
          "cli_security.certificates",
          "cli_security.authorities",
          "cli_security.transfers",
          "cli_security.policies",
          "cli_messages.rules",
          "cli_messages.destinations",
          "cli_messages.data",
          "cli_messages.audit",
          "cli_users.people",
          "cli_users.managed",
          "cli_users.roles",
          "cli_users.identities");

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
  void commandsPrintWhatTheyDoWithAws(String part) {
    assertThat(stand.run(part)).isNotEmpty();
  }

  @Test
  void everyOperationHasSucceeded() {
    AwsOperations.assertCoveredByDebian(stand.run(PARTS));
  }
}
