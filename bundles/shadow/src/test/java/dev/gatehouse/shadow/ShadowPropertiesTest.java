package dev.gatehouse.shadow;

import static dev.gatehouse.shadow.Fixtures.again;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.json.Json;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What holds of any row of updates, on 100,000 documents; a failure names the seed of its row. */
final class ShadowPropertiesTest {
  private static final int ROWS = 2_000;
  private static final int UPDATES = 50;

  private interface Law {
    void check(ShadowDocument before, ObjectNode request, ShadowDocument.Applied applied, int now)
        throws ShadowError;
  }

  private static void forAll(Law law) throws ShadowError {
    for (int seed = 0; seed < ROWS; seed++) {
      Random random = new Random(seed);
      ShadowDocument document = ShadowDocument.NONE;
      for (int now = 1; now <= UPDATES; now++) {
        ObjectNode request = request(random);
        ShadowDocument.Applied applied = document.apply(Fixtures.request(Json.bytes(request)), now);
        try {
          law.check(document, request, applied, now);
        } catch (AssertionError e) {
          throw new AssertionError("seed " + seed + ", update " + now + ": " + request, e);
        }
        document = applied.document();
      }
    }
  }

  @Test
  void theDeltaAppliedToTheReportedStateGivesWhatIsDesired() throws ShadowError {
    forAll(
        (before, request, applied, now) -> {
          ShadowDocument document = applied.document();
          ObjectNode report = Json.object();
          report.putObject("state").set("reported", document.delta());
          ShadowDocument settled =
              document.apply(Fixtures.request(Json.bytes(report)), now).document();
          assertThat(settled.delta().isEmpty()).isTrue();
          assertHolds(settled.state().path("reported"), document.state().path("desired"));
        });
  }

  /** That a tree has all that another has. */
  private static void assertHolds(JsonNode tree, JsonNode wanted) {
    for (Map.Entry<String, JsonNode> member : wanted.properties()) {
      JsonNode there = tree.path(member.getKey());
      if (member.getValue().isObject()) {
        assertThat(there.isObject()).isTrue();
        assertHolds(there, member.getValue());
      } else {
        assertThat(Json.text(there)).isEqualTo(Json.text(member.getValue()));
      }
    }
  }

  @Test
  void anUpdateIsAMergePatchAfterWhichEmptySectionsVanish() throws ShadowError {
    forAll(
        (before, request, applied, now) -> {
          JsonNode patched = patched(again(before.state()), request.get("state"));
          ObjectNode expected = patched instanceof ObjectNode object ? object : Json.object();
          UpdateRequest.SECTIONS.stream()
              .filter(name -> expected.path(name).isEmpty())
              .forEach(expected::remove);
          assertThat(again(applied.document().state())).isEqualTo(again(expected));
        });
  }

  /** MergePatch of RFC 7396, section 2. */
  private static JsonNode patched(JsonNode target, JsonNode patch) {
    if (!patch.isObject()) {
      return patch;
    }
    ObjectNode result = target instanceof ObjectNode object ? object : Json.object();
    for (Map.Entry<String, JsonNode> member : patch.properties()) {
      if (member.getValue().isNull()) {
        result.remove(member.getKey());
      } else {
        result.set(member.getKey(), patched(result.path(member.getKey()), member.getValue()));
      }
    }
    return result;
  }

  @Test
  void anUpdateDoneAgainChangesTimesAndVersionAlone() throws ShadowError {
    forAll(
        (before, request, applied, now) -> {
          ShadowDocument once = applied.document();
          ShadowDocument twice = once.apply(Fixtures.request(Json.bytes(request)), now).document();
          assertThat(again(twice.state())).isEqualTo(again(once.state()));
          assertThat(again(twice.metadata())).isEqualTo(again(once.metadata()));
          assertThat(twice.version()).isEqualTo(once.version() + 1);
        });
  }

  @Test
  void versionsIncreaseByOneAndMetadataHasTheShapeOfTheState() throws ShadowError {
    forAll(
        (before, request, applied, now) -> {
          ShadowDocument document = applied.document();
          assertThat(document.version()).isEqualTo(now);
          assertSameShape(document.state(), document.metadata(), now);
          ShadowRow restored = ShadowRow.restored(applied.row().stored());
          assertThat(restored.version()).isEqualTo(now);
          assertThat(again(ShadowDocument.of(restored).answer(now)))
              .isEqualTo(again(document.answer(now)));
        });
  }

  private static void assertSameShape(JsonNode state, JsonNode metadata, int now) {
    if (state.isObject() || (state.isArray() && !state.isEmpty())) {
      assertThat(metadata.getNodeType()).isEqualTo(state.getNodeType());
      assertThat(metadata.size()).isEqualTo(state.size());
      for (Map.Entry<String, JsonNode> member : state.properties()) {
        assertSameShape(member.getValue(), metadata.path(member.getKey()), now);
      }
    } else {
      assertThat(state.isNull()).isFalse();
      assertThat(metadata.path("timestamp").asInt()).isBetween(1, now);
    }
  }

  @Test
  void whatIsAcceptedTellsTheTimeOfEverythingThatWasSent() throws ShadowError {
    forAll(
        (before, request, applied, now) -> {
          if (request.get("state") instanceof ObjectNode sent) {
            assertStamped(sent, applied.acceptedMetadata(), now);
          } else {
            assertThat(applied.acceptedMetadata().isEmpty()).isTrue();
          }
        });
  }

  private static void assertStamped(JsonNode sent, JsonNode metadata, int now) {
    if (sent.isContainerNode() && !(sent.isArray() && sent.isEmpty())) {
      assertThat(metadata.size()).isEqualTo(sent.size());
      for (Map.Entry<String, JsonNode> member : sent.properties()) {
        assertStamped(member.getValue(), metadata.path(member.getKey()), now);
      }
    } else {
      assertThat(metadata.path("timestamp").asInt()).isEqualTo(now);
    }
  }

  private static ObjectNode request(Random random) {
    ObjectNode root = Json.object();
    if (random.nextInt(40) == 0) {
      return root.putNull("state");
    }
    ObjectNode state = root.putObject("state");
    for (String section : UpdateRequest.SECTIONS) {
      int choice = random.nextInt(10);
      if (choice == 0) {
        state.putNull(section);
      } else if (choice < 8) {
        state.set(section, tree(random, 3));
      }
    }
    return root;
  }

  private static ObjectNode tree(Random random, int depth) {
    ObjectNode tree = Json.object();
    for (int i = random.nextInt(4); i > 0; i--) {
      String name = String.valueOf((char) ('a' + random.nextInt(4)));
      switch (random.nextInt(depth == 0 ? 5 : 8)) {
        case 0 -> tree.putNull(name);
        case 1 -> tree.put(name, random.nextInt(3));
        case 2 -> tree.put(name, random.nextBoolean() ? "x" : "y");
        case 3 -> tree.putArray(name).add(random.nextInt(2)).add(random.nextBoolean());
        case 4 -> tree.set(name, Json.object().arrayNode());
        default -> tree.set(name, tree(random, depth - 1));
      }
    }
    return tree;
  }
}
