package dev.gatehouse.rules.destination;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.api.http.ApiOperation;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.api.store.Batch;
import dev.gatehouse.rules.destination.Destination.Status;
import dev.gatehouse.testkit.InMemoryStore;
import dev.gatehouse.testkit.ManualClock;
import dev.gatehouse.testkit.ResourceLaw;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Rights are asked for what a call acts on, however the call spells that. */
final class ResourceLawTest {
  private static final Account ACCOUNT = new Account("123456789012", "us-east-1");
  private static final String SAMPLES =
      """
      GetTopicRuleDestination path.arn=${destination}
      UpdateTopicRuleDestination body={'arn': '${destination}', 'status': 'DISABLED'}
      DeleteTopicRuleDestination path.arn=${destination}
      ListTopicRuleDestinations
      """;

  private static ResourceLaw.World world() {
    InMemoryStore store = new InMemoryStore();
    Destination mine = destination(store, "mine", "https://plain.example/");
    Destination victim = destination(store, "secrIKt", "https://told-of-a-victim.example/");
    String victimArn = victim.arn();
    Destinations destinations =
        new Destinations(
            store,
            new DestinationsConfig(List.of()),
            new Confirmations(new DestinationsConfig(List.of())),
            new ManualClock(Instant.parse("2027-03-01T12:00:00Z")));
    return new World(
        destinations.operations().stream().filter(ResourceLawTest::tried).toList(),
        store,
        new Principal.User(ACCOUNT, "anna", "AIDA"),
        Map.of("destination", new ResourceLaw.Names(mine.arn(), victimArn, victimArn)),
        List.of("told-of-a-victim"));
  }

  /** Not those that name no destination: one calls out, one is called by who has a token. */
  private static boolean tried(ApiOperation operation) {
    return !Set.of("CreateTopicRuleDestination", "ConfirmTopicRuleDestination")
        .contains(operation.name());
  }

  private static Destination destination(InMemoryStore store, String id, String url) {
    Destination made = new Destination(ACCOUNT, id, url, Status.ENABLED, "", true, "", 0, 0);
    store.commit(new Batch().put(Destination.TABLE, made.key(), made.stored()));
    return made;
  }

  private record World(
      List<ApiOperation> operations,
      InMemoryStore store,
      Principal caller,
      Map<String, ResourceLaw.Names> names,
      List<String> secrets)
      implements ResourceLaw.World {}

  @Test
  void rightsAreAskedForWhatACallActsOnHoweverItIsSpelled() {
    assertThat(ResourceLaw.violations(ResourceLawTest::world, SAMPLES, 1_000, 1)).isEmpty();
  }
}
