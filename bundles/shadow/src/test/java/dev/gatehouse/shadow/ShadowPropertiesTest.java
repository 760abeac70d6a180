package dev.gatehouse.shadow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.json.Json;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What holds of any row of updates, on 100,000 documents; a failure names the seed of its row. */
final class ShadowPropertiesTest {
  private static final int UPDATES = 50;
  private static final int ROWS = Integer.getInteger("gatehouse.documents", 20_000) / UPDATES;

  private interface Law {
    void check(
        ShadowDocument before, UpdateRequest request, ShadowDocument.Applied applied, int now)
        throws ShadowError;
  }

  private static final Map<String, Law> LAWS =
      Map.of(
          "the delta applied to the reported state gives what is desired",
          ShadowPropertiesTest::theDeltaAppliedToTheReportedStateGivesWhatIsDesired,
          "an update is a merge patch after which empty sections vanish",
          ShadowPropertiesTest::anUpdateIsAMergePatchAfterWhichEmptySectionsVanish,
          "an update done again changes times and version alone",
          ShadowPropertiesTest::anUpdateDoneAgainChangesTimesAndVersionAlone,
          "versions increase by one and metadata has the shape of the state",
          ShadowPropertiesTest::versionsIncreaseByOneAndMetadataHasTheShapeOfTheState,
          "what is accepted tells the time of everything that was sent",
          ShadowPropertiesTest::whatIsAcceptedTellsTheTimeOfEverythingThatWasSent);

  @Test
  void everyLawHoldsOfRandomDocuments() throws ShadowError {
    assertThat(ROWS).isPositive();
    for (int seed = 0; seed < ROWS; seed++) {
      Random random = new Random(seed);
      ShadowDocument document = ShadowDocument.NONE;
      for (int now = 1; now <= UPDATES; now++) {
        UpdateRequest request = Fixtures.request(Json.bytes(request(random)));
        ShadowDocument.Applied applied = document.apply(request, now);
        for (Map.Entry<String, Law> law : LAWS.entrySet()) {
          try {
            law.getValue().check(document, request, applied, now);
          } catch (AssertionError e) {
            throw new AssertionError(law.getKey() + ": seed " + seed + ", update " + now, e);
          }
        }
        document = applied.document();
      }
    }
  }

  private static void theDeltaAppliedToTheReportedStateGivesWhatIsDesired(
      ShadowDocument before, UpdateRequest request, ShadowDocument.Applied applied, int now)
      throws ShadowError {
    ShadowDocument document = applied.document();
    ObjectNode report = Json.object();
    report.set("reported", document.delta());
    ShadowDocument settled =
        document
            .apply(new UpdateRequest(report, false, OptionalLong.empty(), Optional.empty()), now)
            .document();
    holds(settled.delta().isEmpty(), settled.delta());
    assertHolds(settled.state().path("reported"), document.state().path("desired"));
  }

  /** That a tree has all that another has. */
  private static void assertHolds(JsonNode tree, JsonNode wanted) {
    for (Map.Entry<String, JsonNode> member : wanted.properties()) {
      JsonNode there = tree.path(member.getKey());
      if (member.getValue().isObject()) {
        holds(there.isObject(), there);
        assertHolds(there, member.getValue());
      } else {
        assertSame(there, member.getValue());
      }
    }
  }

  private static void anUpdateIsAMergePatchAfterWhichEmptySectionsVanish(
      ShadowDocument before, UpdateRequest request, ShadowDocument.Applied applied, int now)
      throws ShadowError {
    ObjectNode expected =
        request.removesAll() ? Json.object() : patched(before.state().deepCopy(), request.state());
    UpdateRequest.SECTIONS.stream()
        .filter(name -> expected.path(name).isEmpty())
        .forEach(expected::remove);
    assertSame(applied.document().state(), expected);
  }

  /** MergePatch of RFC 7396, section 2, of an object. */
  private static ObjectNode patched(JsonNode target, ObjectNode patch) {
    ObjectNode result = target instanceof ObjectNode object ? object : Json.object();
    for (Map.Entry<String, JsonNode> member : patch.properties()) {
      String name = member.getKey();
      if (member.getValue().isNull()) {
        result.remove(name);
      } else if (member.getValue() instanceof ObjectNode inner) {
        result.set(name, patched(result.path(name), inner));
      } else {
        result.set(name, member.getValue());
      }
    }
    return result;
  }

  private static void assertSame(JsonNode tree, JsonNode expected) {
    if (!tree.equals(expected)) {
      throw new AssertionError(tree + " should be " + expected);
    }
  }

  /** Some millions of times; an assertion of AssertJ costs microseconds each. */
  private static void holds(boolean condition, JsonNode of) {
    if (!condition) {
      throw new AssertionError("does not hold of " + of);
    }
  }

  private static void anUpdateDoneAgainChangesTimesAndVersionAlone(
      ShadowDocument before, UpdateRequest request, ShadowDocument.Applied applied, int now)
      throws ShadowError {
    ShadowDocument once = applied.document();
    ShadowDocument twice = once.apply(request, now).document();
    assertSame(twice.state(), once.state());
    assertSame(twice.metadata(), once.metadata());
    assertThat(twice.version()).isEqualTo(once.version() + 1);
  }

  private static void versionsIncreaseByOneAndMetadataHasTheShapeOfTheState(
      ShadowDocument before, UpdateRequest request, ShadowDocument.Applied applied, int now)
      throws ShadowError {
    ShadowDocument document = applied.document();
    assertThat(document.version()).isEqualTo(now);
    assertSameShape(document.state(), document.metadata(), now);
    ShadowRow restored = ShadowRow.restored(applied.row().stored());
    assertThat(restored.version()).isEqualTo(now);
    assertThat(Json.text(ShadowDocument.of(restored).answer(now)))
        .isEqualTo(Json.text(document.answer(now)));
  }

  private static void assertSameShape(JsonNode state, JsonNode metadata, int now) {
    if (state.isObject() || (state.isArray() && !state.isEmpty())) {
      holds(metadata.getNodeType() == state.getNodeType(), metadata);
      holds(metadata.size() == state.size(), metadata);
      for (Map.Entry<String, JsonNode> member : state.properties()) {
        assertSameShape(member.getValue(), metadata.path(member.getKey()), now);
      }
    } else {
      holds(!state.isNull(), state);
      int timestamp = metadata.path("timestamp").asInt();
      holds(timestamp >= 1 && timestamp <= now, metadata);
    }
  }

  private static void whatIsAcceptedTellsTheTimeOfEverythingThatWasSent(
      ShadowDocument before, UpdateRequest request, ShadowDocument.Applied applied, int now)
      throws ShadowError {
    assertStamped(request.state(), applied.acceptedMetadata(), now);
  }

  private static void assertStamped(JsonNode sent, JsonNode metadata, int now) {
    if (sent.isObject() || (sent.isArray() && !sent.isEmpty())) {
      holds(metadata.size() == sent.size(), metadata);
      for (Map.Entry<String, JsonNode> member : sent.properties()) {
        assertStamped(member.getValue(), metadata.path(member.getKey()), now);
      }
    } else {
      holds(metadata.path("timestamp").asInt() == now, metadata);
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
