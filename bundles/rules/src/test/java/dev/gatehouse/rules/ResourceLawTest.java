package dev.gatehouse.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.api.http.ApiOperation;
import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.testkit.InMemoryStore;
import dev.gatehouse.testkit.ResourceLaw;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Rights are asked for what a call acts on, however the call spells that. */
final class ResourceLawTest {
  private static final String SAMPLES =
      """
      CreateTopicRule path.ruleName=new_rule body=RULE
      ReplaceTopicRule path.ruleName=${rule} body=RULE
      GetTopicRule path.ruleName=${rule}
      DeleteTopicRule path.ruleName=${rule}
      EnableTopicRule path.ruleName=${rule}
      DisableTopicRule path.ruleName=${rule}
      ListTopicRules
      """
          .replace("RULE", "{'sql': 'SELECT 1 AS a', 'actions': [{'note': {'to': 'x'}}]}");

  private @Nullable House house;

  private static final class House extends RulesHouse {}

  @AfterEach
  void close() {
    if (house != null) {
      house.close();
    }
  }

  private ResourceLaw.World world() {
    close();
    House made = new House();
    house = made;
    made.open();
    rule(made, "rule", "plain");
    rule(made, "secrIKt_rule", "ToldOfAVictim");
    return new World(
        made.rules.operations(),
        made.store,
        new Principal.User(RulesHouse.ACCOUNT, "anna", "AIDA"),
        Map.of(
            "rule",
            new ResourceLaw.Names(
                "rule",
                "secrIKt_rule",
                RulesHouse.ACCOUNT.arn("iot", "rule/secrIKt_rule").toString())),
        List.of("ToldOfAVictim"));
  }

  private static void rule(House house, String name, String text) {
    try {
      house.create(
          name,
          "{\"sql\":\"SELECT '"
              + text
              + "' AS a FROM 'a'\",\"actions\":[{\"note\":{\"to\":\"x\"}}]}");
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
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
    assertThat(ResourceLaw.violations(this::world, SAMPLES, 200, 1)).isEmpty();
  }
}
