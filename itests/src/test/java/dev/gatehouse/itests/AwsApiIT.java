package dev.gatehouse.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The registry's operations by Debian's boto3: the script asserts on answers and errors. */
class AwsApiIT {
  @TempDir static Path directory;
  private static Gateway gateway;

  @BeforeAll
  static void up() {
    gateway = new Gateway(directory.resolve("home")).up();
  }

  @AfterAll
  static void down() {
    gateway.close();
  }

  /** The operations that a part of the script has called. */
  private static List<String> run(String part) throws URISyntaxException {
    Path script =
        Path.of(Objects.requireNonNull(AwsApiIT.class.getResource("/aws_registry.py")).toURI());
    return gateway
        .run(List.of("/usr/bin/python3", script.toString(), part), gateway.environment())
        .ok()
        .lines()
        .toList();
  }

  @ParameterizedTest
  @CsvSource({
    "things, CreateThing DescribeThing UpdateThing DeleteThing ListThings",
    "principals, AttachThingPrincipal DetachThingPrincipal ListThingPrincipals ListPrincipalThings",
    "destinations, CreateTopicRuleDestination ListTopicRuleDestinations GetTopicRuleDestination"
        + " UpdateTopicRuleDestination DeleteTopicRuleDestination ConfirmTopicRuleDestination",
    "events, DescribeEventConfigurations UpdateEventConfigurations",
    "types, CreateThingType DescribeThingType DeprecateThingType DeleteThingType ListThingTypes",
    "groups, CreateThingGroup DescribeThingGroup UpdateThingGroup DeleteThingGroup ListThingGroups"
        + " AddThingToThingGroup RemoveThingFromThingGroup UpdateThingGroupsForThing"
        + " ListThingsInThingGroup ListThingGroupsForThing",
    "billing, CreateBillingGroup DescribeBillingGroup UpdateBillingGroup DeleteBillingGroup"
        + " ListBillingGroups AddThingToBillingGroup RemoveThingFromBillingGroup"
        + " ListThingsInBillingGroup TagResource UntagResource ListTagsForResource",
    "logging, GetLoggingOptions SetLoggingOptions GetV2LoggingOptions SetV2LoggingOptions"
        + " SetV2LoggingLevel DeleteV2LoggingLevel ListV2LoggingLevels DescribeEndpoint"
  })
  void operationsAnswerAsAwsDoes(String part, String operations) throws URISyntaxException {
    assertThat(run(part)).contains(operations.split(" "));
  }

  @Test
  void whatIsNotUnderstoodIsToldInAwsForm() throws URISyntaxException {
    assertThat(run("wire")).contains("ListJobs");
  }

  @Test
  void aThrottledBurstSucceedsByTheClientsRetries() throws URISyntaxException {
    assertThat(run("throttling")).contains("DescribeThing");
  }
}
