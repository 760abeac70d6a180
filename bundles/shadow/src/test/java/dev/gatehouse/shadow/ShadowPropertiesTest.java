package dev.gatehouse.shadow;

import static dev.gatehouse.shadow.Fixtures.again;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.json.Json;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds of any row of updates; a failure names the seed that makes it again. */
final class ShadowPropertiesTest {
  private static final int UPDATES = 30;

  static IntStream seeds() {
    return IntStream.range(0, 100);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void theDeltaAppliedToTheReportedStateGivesWhatIsDesired(int seed) throws ShadowError {
    Random random = new Random(seed);
    ShadowDocument document = ShadowDocument.NONE;
    for (int i = 0; i < UPDATES; i++) {
      document = document.apply(request(random), i).document();
      ObjectNode report = Json.object();
      report.putObject("state").set("reported", document.delta());
      ShadowDocument settled =
          document.apply(UpdateRequest.parse(Json.bytes(report)), i).document();
      assertThat(settled.delta()).isEmpty();
      assertHolds(again(settled.state()).path("reported"), again(document.state()).path("desired"));
    }
  }

  /** That a tree has all that another has. */
  private static void assertHolds(JsonNode tree, JsonNode wanted) {
    for (Map.Entry<String, JsonNode> member : wanted.properties()) {
      JsonNode there = tree.path(member.getKey());
      if (member.getValue().isObject()) {
        assertThat(there.isObject()).isTrue();
        assertHolds(there, member.getValue());
      } else {
        assertThat(there).isEqualTo(member.getValue());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void versionsIncreaseByOneAndMetadataHasTheShapeOfTheState(int seed) throws ShadowError {
    Random random = new Random(seed);
    ShadowDocument document = ShadowDocument.NONE;
    for (int i = 1; i <= UPDATES; i++) {
      document = document.apply(request(random), i).document();
      assertThat(document.version()).isEqualTo(i);
      assertSameShape(document.state(), document.metadata(), i);
      assertThat(again(ShadowDocument.restored(document.stored()).document()))
          .isEqualTo(again(document.document()));
    }
  }

  private static void assertSameShape(JsonNode state, JsonNode metadata, int now) {
    if (state.isObject() || (state.isArray() && !state.isEmpty())) {
      assertThat(metadata.getNodeType()).isEqualTo(state.getNodeType());
      assertThat(metadata).hasSameSizeAs(state);
      state
          .properties()
          .forEach(
              member -> assertSameShape(member.getValue(), metadata.path(member.getKey()), now));
    } else {
      assertThat(state.isNull()).isFalse();
      assertThat(metadata.path("timestamp").asInt()).isBetween(1, now);
    }
  }

  private static UpdateRequest request(Random random) throws ShadowError {
    ObjectNode root = Json.object();
    ObjectNode state = root.putObject("state");
    for (String section : UpdateRequest.SECTIONS) {
      int choice = random.nextInt(10);
      if (choice == 0) {
        state.putNull(section);
      } else if (choice < 8) {
        state.set(section, tree(random, 3));
      }
    }
    return UpdateRequest.parse(Json.bytes(root));
  }

  private static ObjectNode tree(Random random, int depth) {
    ObjectNode tree = Json.object();
    for (int i = random.nextInt(4); i > 0; i--) {
      String name = String.valueOf((char) ('a' + random.nextInt(4)));
      switch (random.nextInt(depth == 0 ? 4 : 7)) {
        case 0 -> tree.putNull(name);
        case 1 -> tree.put(name, random.nextInt(3));
        case 2 -> tree.put(name, random.nextBoolean() ? "x" : "y");
        case 3 -> tree.putArray(name).add(random.nextInt(2)).add(random.nextBoolean());
        default -> tree.set(name, tree(random, depth - 1));
      }
    }
    return tree;
  }
}
