package dev.gatehouse.sample;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.api.http.ApiOperation;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.api.store.Batch;
import dev.gatehouse.testkit.InMemoryStore;
import dev.gatehouse.testkit.ResourceLaw;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Rights are asked for the resource that a call acts on, however the call spells its name. */
final class ResourceLawTest {
  private static final Account ACCOUNT = new Account("123456789012", "us-east-1");
  private static final String SECRET = "told-of-a-victim";
  private static final String CALLS =
      """
      DescribeItem path.itemName=${item}
      """;

  private static ResourceLaw.World world() {
    InMemoryStore store = new InMemoryStore();
    store.commit(
        new Batch()
            .put(SampleService.TABLE, SampleService.key(ACCOUNT, "mine"), "{}".getBytes(UTF_8))
            .put(
                SampleService.TABLE,
                SampleService.key(ACCOUNT, "secrIKt"),
                "{\"text\": \"%s\"}".formatted(SECRET).getBytes(UTF_8)));
    return new World(
        new SampleService(store).operations(),
        store,
        new Principal.User(ACCOUNT, "anna", "AIDA"),
        Map.of(
            "item",
            new ResourceLaw.Names("mine", "secrIKt", SampleService.arn(ACCOUNT, "secrIKt"))),
        List.of(SECRET));
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
    assertThat(ResourceLaw.violations(ResourceLawTest::world, CALLS, 300, 1)).isEmpty();
  }
}
