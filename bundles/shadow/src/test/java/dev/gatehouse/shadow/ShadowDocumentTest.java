package dev.gatehouse.shadow;

import static dev.gatehouse.shadow.Fixtures.again;
import static dev.gatehouse.shadow.Fixtures.bytes;
import static dev.gatehouse.shadow.Fixtures.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.json.Json;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

final class ShadowDocumentTest {
  private static ShadowDocument.Applied applied(ShadowDocument to, String request, long now)
      throws ShadowError {
    return to.apply(Fixtures.request(bytes(request)), now);
  }

  private static ShadowDocument document(String... requests) throws ShadowError {
    ShadowDocument document = ShadowDocument.NONE;
    long now = 100;
    for (String request : requests) {
      document = applied(document, request, now++).document();
    }
    return document;
  }

  @TestFactory
  Stream<DynamicTest> anUpdateMakesOfAShadowWhatTheGuideSays() {
    return Fixtures.list("updates.json")
        .map(given -> DynamicTest.dynamicTest(given.get("name").asText(), () -> check(given)));
  }

  private static void check(ObjectNode given) throws ShadowError {
    ObjectNode first = Json.object();
    first.set("state", given.get("before"));
    ShadowDocument before =
        ShadowDocument.NONE.apply(Fixtures.request(Json.bytes(first)), 1).document();
    byte[] request = Json.bytes(given.get("request"));
    ShadowDocument.Applied applied = before.apply(Fixtures.request(request), 2);
    assertThat(again(applied.document().state())).isEqualTo(again(given.get("after")));
    assertThat(again(applied.document().delta())).isEqualTo(again(given.get("delta")));
    assertThat(applied.document().version()).isEqualTo(before.version() + 1);
    assertThat(before.state()).as("the document before").isEqualTo(given.get("before"));
  }

  @Test
  void everyLeafHasTheTimeWhenItWasSet() throws ShadowError {
    ShadowDocument document =
        document(
            "{'state': {'desired': {'a': 1, 'b': {'c': 2, 'd': 3}}}}",
            "{'state': {'desired': {'b': {'c': 4}}, 'reported': {'a': 1}}}");
    assertThat(again(document.metadata()))
        .isEqualTo(
            json(
                "{'desired': {'a': {'timestamp': 100},"
                    + " 'b': {'c': {'timestamp': 101}, 'd': {'timestamp': 100}}},"
                    + " 'reported': {'a': {'timestamp': 101}}}"));
  }

  @Test
  void settingTheSameValueAgainMovesItsTime() throws ShadowError {
    ShadowDocument document =
        document("{'state': {'desired': {'a': 1}}}", "{'state': {'desired': {'a': 1}}}");
    assertThat(again(document.metadata()))
        .isEqualTo(json("{'desired': {'a': {'timestamp': 101}}}"));
    assertThat(document.version()).isEqualTo(2);
  }

  @Test
  void everyElementOfAnArrayHasATime() throws ShadowError {
    ShadowDocument document = document("{'state': {'desired': {'a': [1, {'b': 2}, []]}}}");
    assertThat(again(document.metadata()))
        .isEqualTo(
            json(
                "{'desired': {'a': [{'timestamp': 100}, {'b': {'timestamp': 100}},"
                    + " {'timestamp': 100}]}}"));
  }

  @Test
  void whatIsRemovedLosesItsMetadata() throws ShadowError {
    ShadowDocument document =
        document(
            "{'state': {'desired': {'a': 1, 'b': {'c': 2}}, 'reported': {'a': 1}}}",
            "{'state': {'desired': {'a': null, 'b': 1}, 'reported': null}}");
    assertThat(again(document.metadata()))
        .isEqualTo(json("{'desired': {'b': {'timestamp': 101}}}"));
  }

  @Test
  void theAcceptedMetadataIsOfWhatWasSentAndOfWhatItRemoved() throws ShadowError {
    ShadowDocument before =
        document("{'state': {'desired': {'a': 1, 'b': {'c': 2, 'd': 3}}, 'reported': {'z': 1}}}");
    ShadowDocument.Applied applied =
        applied(before, "{'state': {'desired': {'a': null, 'b': {'c': 5}}}}", 200);
    assertThat(again(applied.acceptedMetadata()))
        .isEqualTo(json("{'desired': {'a': {'timestamp': 200}, 'b': {'c': {'timestamp': 200}}}}"));
  }

  @Test
  void theDeltaHasTheDesiredMetadataOfItsMembersAlone() throws ShadowError {
    ShadowDocument document =
        document(
            "{'state': {'desired': {'a': 1, 'b': {'c': 2, 'd': 3}, 'e': [1]}}}",
            "{'state': {'reported': {'a': 1, 'b': {'c': 2, 'd': 9}}}}");
    assertThat(document.delta()).isEqualTo(json("{'b': {'d': 3}, 'e': [1]}"));
    assertThat(again(document.deltaMetadata(document.delta())))
        .isEqualTo(json("{'b': {'d': {'timestamp': 100}}, 'e': [{'timestamp': 100}]}"));
  }

  @Test
  void theWholeDocumentHasADeltaOnlyIfSomethingDiffers() throws ShadowError {
    String desired = "{'state': {'desired': {'a': 1}}}";
    ObjectNode answer = again(document(desired).answer(300));
    assertThat(answer.get("state")).isEqualTo(json("{'desired': {'a': 1}, 'delta': {'a': 1}}"));
    assertThat(answer.get("metadata"))
        .isEqualTo(
            json("{'desired': {'a': {'timestamp': 100}}, 'delta': {'a': {'timestamp': 100}}}"));
    assertThat(again(document(desired, "{'state': {'reported': {'a': 1}}}").answer(300)))
        .isEqualTo(
            json(
                "{'state': {'desired': {'a': 1}, 'reported': {'a': 1}},"
                    + " 'metadata': {'desired': {'a': {'timestamp': 100}},"
                    + " 'reported': {'a': {'timestamp': 101}}},"
                    + " 'version': 2, 'timestamp': 300}"));
  }

  @Test
  void anotherVersionIsAConflictAndTheSameIsNot() throws ShadowError {
    ShadowDocument document = document("{'state': {'desired': {'a': 1}}}");
    assertThat(applied(document, "{'state': {}, 'version': 1}", 5).document().version())
        .isEqualTo(2);
    assertThatThrownBy(() -> applied(document, "{'state': {}, 'version': 2}", 5))
        .isInstanceOfSatisfying(ShadowError.class, e -> assertThat(e.code()).isEqualTo(409))
        .hasMessage("Version conflict");
  }

  @Test
  void aShadowComesBackFromTheStoreAsItWas() throws ShadowError {
    ShadowDocument.Applied applied =
        applied(
            ShadowDocument.NONE,
            "{'state': {'desired': {'a': 1.50, 'n': 12345678901234567890, 'l': [{'x': 1}]}}}",
            100);
    ShadowRow restored = ShadowRow.restored(applied.row().stored());
    assertThat(again(ShadowDocument.of(restored).answer(7)))
        .isEqualTo(again(applied.document().answer(7)));
    assertThat(restored.exists()).isTrue();
    assertThat(restored.usedAt()).isEqualTo(100);
    ShadowRow deleted = ShadowRow.restored(restored.deleted(7).stored());
    assertThat(deleted.exists()).isFalse();
    assertThat(deleted.version()).isEqualTo(1);
    assertThat(deleted.deletedAtMillis()).isEqualTo(7);
    assertThat(ShadowDocument.of(deleted).state()).isEmpty();
  }

  @Test
  void aRowOfTheFormatBeforeIsRead() {
    byte[] old =
        Json.stored(
            1,
            json(
                "{'version': 4, 'timestamp': 90, 'deleted': 0, 'state': {'desired': {'a': 1}},"
                    + " 'metadata': {'desired': {'a': {'timestamp': 90}}}}"));
    ShadowRow row = ShadowRow.restored(old);
    assertThat(row.usedAt()).isEqualTo(90);
    assertThat(again(ShadowDocument.of(row).answer(91)))
        .isEqualTo(
            json(
                "{'state': {'desired': {'a': 1}, 'delta': {'a': 1}},"
                    + " 'metadata': {'desired': {'a': {'timestamp': 90}},"
                    + " 'delta': {'a': {'timestamp': 90}}}, 'version': 4, 'timestamp': 91}"));
  }

  @Test
  void aStateThatGrowsPastEightKilobytesOverSeveralUpdatesIsRefused() throws ShadowError {
    ShadowDocument document =
        document("{'state': {'desired': {'a': '" + "x".repeat(5_000) + "'}}}");
    String more = "{'state': {'desired': {'b': '" + "y".repeat(5_000) + "'}}}";
    assertThatThrownBy(() -> applied(document, more, 5))
        .isInstanceOfSatisfying(ShadowError.class, e -> assertThat(e.code()).isEqualTo(413))
        .hasMessage("The payload exceeds the maximum size allowed");
    String instead = "{'state': {'desired': {'a': null, 'b': '" + "y".repeat(5_000) + "'}}}";
    assertThat(applied(document, instead, 5).document().version()).isEqualTo(2);
  }
}
