package dev.gatehouse.shadow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.api.http.ApiOperation;
import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.api.shadow.ShadowName;
import dev.gatehouse.testkit.InMemoryStore;
import dev.gatehouse.testkit.ResourceLaw;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Rights are asked for what a call acts on, however the call spells that. */
final class ResourceLawTest {
  private static final String SAMPLES =
      """
      GetThingShadow path.thingName=${thing}
      UpdateThingShadow path.thingName=${thing} body={'state': {'desired': {'a': 1}}}
      DeleteThingShadow path.thingName=${thing}
      GetThingShadow path.thingName=bulb query.name=${shadow}
      UpdateThingShadow path.thingName=bulb query.name=${shadow} body={'state': {'desired': {'a': 1}}}
      DeleteThingShadow path.thingName=bulb query.name=${shadow}
      GetThingShadow path.thingName=mute query.name=${classic}
      UpdateThingShadow path.thingName=mute query.name=${classic} body={'state': {'desired': {'a': 1}}}
      DeleteThingShadow path.thingName=mute query.name=${classic}
      ListNamedShadowsForThing path.thingName=${thing}
      """;
  private static final String SECRET = "told-of-a-victim";

  private static ResourceLaw.World world() {
    House house = new House();
    shadow(house, "bulb", "", "plain");
    shadow(house, "bulb", "named", "plain");
    shadow(house, "bulb", "secrIKt-named", SECRET);
    shadow(house, "secrIKt-bulb", "", SECRET);
    shadow(house, "secrIKt-bulb", SECRET, SECRET);
    // The classic shadow of this thing is a victim that any spelling of the query may reach.
    shadow(house, "mute", "", SECRET);
    shadow(house, "mute", "named", "plain");
    return new World(
        new ShadowOperations(house.shadows).list(),
        house.store,
        new Principal.User(House.ACCOUNT, "anna", "AIDA"),
        Map.of(
            "thing", new ResourceLaw.Names("bulb", "secrIKt-bulb", arn("secrIKt-bulb")),
            "shadow", new ResourceLaw.Names("named", "secrIKt-named", arn("bulb/secrIKt-named")),
            "classic", new ResourceLaw.Names("named", "x", arn("mute/x")),
            "mute", new ResourceLaw.Names("mute", "no row names this", arn("mute"))),
        List.of(SECRET));
  }

  private static String arn(String thing) {
    return House.ACCOUNT.arn("iot", "thing/" + thing).toString();
  }

  private static void shadow(House house, String thing, String name, String text) {
    String update = "{'state': {'desired': {'text': '" + text + "'}}}";
    House.now(
        house.shadows.update(new ShadowName(House.ACCOUNT, thing, name), Fixtures.bytes(update)));
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
    assertThat(ResourceLaw.violations(ResourceLawTest::world, SAMPLES, 300, 1)).isEmpty();
  }
}
