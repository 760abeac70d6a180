package dev.gatehouse.shadow;

import static dev.gatehouse.shadow.Fixtures.bytes;
import static dev.gatehouse.shadow.Fixtures.json;
import static dev.gatehouse.shadow.House.ACCOUNT;
import static dev.gatehouse.shadow.House.BULB;
import static dev.gatehouse.shadow.House.document;
import static dev.gatehouse.shadow.House.now;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.shadow.ShadowName;
import dev.gatehouse.api.shadow.ShadowResult;
import dev.gatehouse.api.store.StoreUnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class ShadowsTest {
  private final House house = new House();

  @Test
  void anUpdateIsAnsweredWithWhatWasSent() {
    house.update("{'state': {'desired': {'b': 2}}}");
    assertThat(house.accepted("{'state': {'desired': {'a': 1}}, 'clientToken': 't'}"))
        .isEqualTo(
            json(
                "{'state': {'desired': {'a': 1}},"
                    + " 'metadata': {'desired': {'a': {'timestamp': 1000}}},"
                    + " 'version': 2, 'timestamp': 1000, 'clientToken': 't'}"));
    assertThat(house.told("update/accepted"))
        .last()
        .isEqualTo(house.told("update/accepted").get(1))
        .satisfies(told -> assertThat(told.get("clientToken").asText()).isEqualTo("t"));
  }

  @Test
  void anUpdateTellsWhatDiffersNowWithMetadataAndToken() {
    house.update("{'state': {'desired': {'a': 1, 'b': {'c': 2, 'd': 3}}}}");
    house.clock.advance(Duration.ofSeconds(5));
    house.update("{'state': {'reported': {'a': 1, 'b': {'c': 2}}}, 'clientToken': 't'}");
    assertThat(house.told("update/delta"))
        .last()
        .isEqualTo(
            json(
                "{'version': 2, 'timestamp': 1005, 'state': {'b': {'d': 3}},"
                    + " 'metadata': {'b': {'d': {'timestamp': 1000}}}, 'clientToken': 't'}"));
  }

  @Test
  void nothingIsToldOfADeltaThatIsEmpty() {
    house.update("{'state': {'desired': {'a': 1}, 'reported': {'a': 1}}}");
    assertThat(house.told("update/accepted")).hasSize(1);
    assertThat(house.told("update/delta")).isEmpty();
  }

  @Test
  void theDocumentsBeforeAndAfterAreToldAndBeforeTheFirstItIsNull() {
    house.update("{'state': {'desired': {'a': 1}}}");
    house.update("{'state': {'desired': {'a': 2}}}");
    String one =
        "{'state': {'desired': {'a': 1}},"
            + " 'metadata': {'desired': {'a': {'timestamp': 1000}}}, 'version': 1}";
    List<ObjectNode> told = house.told("update/documents");
    assertThat(told.get(0))
        .isEqualTo(json("{'previous': null, 'current': " + one + ", 'timestamp': 1000}"));
    assertThat(told.get(1).get("previous")).isEqualTo(json(one));
    assertThat(told.get(1).get("current").get("state")).isEqualTo(json("{'desired': {'a': 2}}"));
  }

  @Test
  void aNullStateEmptiesTheShadowWhichStays() {
    house.update("{'state': {'desired': {'a': 1}}}");
    assertThat(house.accepted("{'state': null}"))
        .isEqualTo(
            json(
                "{'state': null, 'metadata': {'timestamp': 1000}, 'version': 2, 'timestamp': 1000}"));
    assertThat(document(now(house.shadows.get(BULB))))
        .isEqualTo(json("{'state': {}, 'metadata': {}, 'version': 2, 'timestamp': 1000}"));
  }

  @Test
  void aConflictChangesNothingAndTellsNobody() {
    house.update("{'state': {'desired': {'a': 1}}}");
    int before = house.bus.published().size();
    assertThat(house.update("{'state': {'desired': {'a': 2}}, 'version': 7}"))
        .isEqualTo(new ShadowResult.Rejected(409, "Version conflict"));
    assertThat(house.bus.published()).hasSize(before);
    assertThat(document(now(house.shadows.get(BULB))).at("/state/desired/a").asInt()).isEqualTo(1);
  }

  @Test
  void aShadowThatIsNotThereIsNotFound() {
    ShadowResult missing = new ShadowResult.Rejected(404, "No shadow exists with name: 'bulb'");
    assertThat(now(house.shadows.get(BULB))).isEqualTo(missing);
    assertThat(now(house.shadows.delete(BULB))).isEqualTo(missing);
  }

  @Test
  void aDeletedShadowIsGoneAndTheDeletionIsToldWhoeverAsked() {
    house.update("{'state': {'desired': {'a': 1}}}");
    assertThat(document(now(house.shadows.delete(BULB))))
        .isEqualTo(json("{'version': 1, 'timestamp': 1000}"));
    assertThat(house.told("delete/accepted"))
        .containsExactly(json("{'version': 1, 'timestamp': 1000}"));
    assertThat(now(house.shadows.get(BULB))).isInstanceOf(ShadowResult.Rejected.class);
    assertThat(now(house.shadows.delete(BULB))).isInstanceOf(ShadowResult.Rejected.class);
  }

  @Test
  void theVersionGoesOnWithinTwoDaysOfADeletion() {
    house.update("{'state': {'desired': {'a': 1}}}");
    now(house.shadows.delete(BULB));
    house.clock.advance(Duration.ofHours(48));
    ObjectNode answer = house.accepted("{'state': {'reported': {'b': 1}}}");
    assertThat(answer.get("version").asLong()).isEqualTo(2);
    assertThat(house.told("update/documents").get(1).get("previous").isNull()).isTrue();
    assertThat(document(now(house.shadows.get(BULB))).get("state"))
        .isEqualTo(json("{'reported': {'b': 1}}"));
  }

  @Test
  void theVersionBeginsAnewLaterThanTwoDaysAfterADeletion() {
    house.update("{'state': {'desired': {'a': 1}}}");
    house.update("{'state': {'desired': {'a': 2}}}");
    now(house.shadows.delete(BULB));
    house.clock.advance(Duration.ofHours(48).plusMillis(1));
    assertThat(house.accepted("{'state': {}}").get("version").asLong()).isEqualTo(1);
  }

  @Test
  void nothingIsAnsweredOrToldBeforeItIsDurable() {
    house.store.hold();
    CompletableFuture<ShadowResult> update =
        house.shadows.update(BULB, bytes("{'state': {'desired': {'a': 1}}}")).toCompletableFuture();
    CompletableFuture<ShadowResult> get = house.shadows.get(BULB).toCompletableFuture();
    assertThat(update).isNotDone();
    assertThat(get).as("the get behind it").isNotDone();
    assertThat(house.bus.published()).isEmpty();
    house.store.release();
    assertThat(update).isCompletedWithValueMatching(ShadowResult.Accepted.class::isInstance);
    assertThat(document(now(get)).at("/state/desired/a").asInt()).isEqualTo(1);
    assertThat(house.told("update/accepted")).hasSize(1);
  }

  @Test
  void oneShadowDoesNotWaitForAnother() {
    house.store.hold();
    house.shadows.update(BULB, bytes("{'state': {}}"));
    CompletableFuture<ShadowResult> other =
        house.shadows.get(new ShadowName(ACCOUNT, "lamp", "")).toCompletableFuture();
    assertThat(other).isCompleted();
  }

  @Test
  void aStoreThatFailsFailsTheUpdateAndTheNextOneGoesThrough() {
    house.update("{'state': {'desired': {'a': 1}}}");
    house.store.failWith("disk full");
    CompletableFuture<ShadowResult> failed =
        house.shadows.update(BULB, bytes("{'state': {'desired': {'a': 2}}}")).toCompletableFuture();
    assertThat(failed)
        .isCompletedExceptionally()
        .failsWithin(Duration.ZERO)
        .withThrowableThat()
        .withRootCauseInstanceOf(StoreUnavailableException.class);
    assertThat(house.told("update/accepted")).hasSize(1);
    house.store.failWith(null);
    assertThat(house.accepted("{'state': {'desired': {'b': 2}}}").get("version").asLong())
        .isEqualTo(2);
  }

  @Test
  void shadowsMadeBeforeTheClockWasSetAreKept() {
    house.update("{'state': {'desired': {'a': 1}}}"); // in 1970
    house.clock.jump(Duration.ofDays(57 * 365));
    house.shadows.expire();
    assertThat(now(house.shadows.get(BULB))).isInstanceOf(ShadowResult.Accepted.class);
    house.clock.advance(Duration.ofDays(400));
    house.shadows.expire();
    assertThat(now(house.shadows.get(BULB))).isInstanceOf(ShadowResult.Rejected.class);
  }

  @Test
  void onAFullDiskAShadowIsStillDeleted() {
    house.update("{'state': {'desired': {'a': 1}}}");
    house.store.full(true);
    assertThat(now(house.shadows.delete(BULB))).isInstanceOf(ShadowResult.Accepted.class);
    assertThat(now(house.shadows.get(BULB))).isInstanceOf(ShadowResult.Rejected.class);
    assertThat(house.shadows.update(BULB, bytes("{'state': {'desired': {'a': 2}}}")))
        .failsWithin(Duration.ZERO)
        .withThrowableThat()
        .withRootCauseInstanceOf(StoreUnavailableException.class);
  }

  @Test
  void namedShadowsAndAccountsAreApart() {
    house.update("{'state': {'desired': {'a': 1}}}");
    ShadowName named = new ShadowName(ACCOUNT, "bulb", "config");
    assertThat(now(house.shadows.get(named)))
        .isEqualTo(new ShadowResult.Rejected(404, "No shadow exists with name: 'config'"));
    now(house.shadows.update(named, bytes("{'state': {'desired': {'z': 1}}}")));
    assertThat(house.bus.textsOf("$aws/things/bulb/shadow/name/config/update/delta")).hasSize(1);
    assertThat(document(now(house.shadows.get(BULB))).at("/state/desired"))
        .isEqualTo(json("{'a': 1}"));
  }

  @Test
  void updatesOfOneShadowFromManyThreadsAllCountAndAreToldInOrder() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    List<CompletableFuture<ShadowResult>> answers = new ArrayList<>();
    try {
      for (int i = 0; i < 400; i++) {
        byte[] request = bytes("{'state': {'reported': {'k" + i + "': " + i + "}}}");
        answers.add(
            CompletableFuture.supplyAsync(() -> house.shadows.update(BULB, request), threads)
                .thenCompose(stage -> stage));
      }
      CompletableFuture.allOf(answers.toArray(CompletableFuture<?>[]::new))
          .get(20, TimeUnit.SECONDS);
    } finally {
      threads.shutdownNow();
    }
    assertThat(document(now(house.shadows.get(BULB))).at("/state/reported")).hasSize(400);
    assertThat(house.told("update/accepted").stream().map(told -> told.get("version").asLong()))
        .containsExactlyElementsOf(LongStream.rangeClosed(1, 400).boxed().toList());
  }

  @Test
  void aGetTellsWhenItWasAnsweredNotWhenTheShadowChanged() {
    house.update("{'state': {'reported': {'a': 1}}}");
    house.clock.advance(Duration.ofSeconds(79));
    assertThat(document(now(house.shadows.get(BULB))))
        .isEqualTo(
            json(
                "{'state': {'reported': {'a': 1}},"
                    + " 'metadata': {'reported': {'a': {'timestamp': 1000}}},"
                    + " 'version': 1, 'timestamp': 1079}"));
  }

  @Test
  void anUpdateOfAVersionThatIsGoneIsAConflictAfterADeletionToo() {
    house.update("{'state': {'desired': {'a': 1}}}");
    now(house.shadows.delete(BULB));
    assertThat(house.update("{'state': {'desired': {'a': 2}}, 'version': 7}"))
        .isEqualTo(new ShadowResult.Rejected(409, "Version conflict"));
    assertThat(house.accepted("{'state': {}, 'version': 1}").get("version").asLong()).isEqualTo(2);
  }

  @Test
  void theNamedShadowsOfAThingAreListedInOrderAndNotThoseOfOthers() {
    for (String name : List.of("wifi", "config", "$x", "a:b", "gone")) {
      now(house.shadows.update(new ShadowName(ACCOUNT, "bulb", name), bytes("{'state': {}}")));
    }
    house.update("{'state': {}}");
    now(house.shadows.update(new ShadowName(ACCOUNT, "bulb2", "z"), bytes("{'state': {}}")));
    now(house.shadows.update(new ShadowName(ACCOUNT, "bul", "z"), bytes("{'state': {}}")));
    now(house.shadows.delete(new ShadowName(ACCOUNT, "bulb", "gone")));
    assertThat(house.shadows.names(ACCOUNT, "bulb", "", 10))
        .containsExactly("$x", "a:b", "config", "wifi");
    assertThat(house.shadows.names(ACCOUNT, "bulb", "b", 1)).containsExactly("config");
    assertThat(house.shadows.names(ACCOUNT, "lamp", "", 10)).isEmpty();
  }

  @Test
  void theThingsThatHaveShadowsAreListedOnceEach() {
    for (String thing : List.of("c", "a", "b", "a-1")) {
      now(house.shadows.update(new ShadowName(ACCOUNT, thing, ""), bytes("{'state': {}}")));
      now(house.shadows.update(new ShadowName(ACCOUNT, thing, "x"), bytes("{'state': {}}")));
    }
    now(house.shadows.delete(new ShadowName(ACCOUNT, "b", "")));
    now(house.shadows.delete(new ShadowName(ACCOUNT, "c", "")));
    now(house.shadows.delete(new ShadowName(ACCOUNT, "c", "x")));
    assertThat(house.shadows.things(ACCOUNT, "", 10)).containsExactly("a", "a-1", "b");
    assertThat(house.shadows.things(ACCOUNT, "a-", 1)).containsExactly("a-1");
    Account other = new Account("123456789013", "us-east-1");
    assertThat(house.shadows.things(other, "", 10)).isEmpty();
  }

  @Test
  void manyNamedShadowsAreListedPageByPage() {
    for (int i = 0; i < 250; i++) {
      ShadowName name = new ShadowName(ACCOUNT, "bulb", "s%03d".formatted(i));
      now(house.shadows.update(name, bytes("{'state': {}}")));
      if (i % 2 == 0) {
        now(house.shadows.delete(name));
      }
    }
    assertThat(house.shadows.names(ACCOUNT, "bulb", "", 300)).hasSize(125);
    assertThat(house.shadows.names(ACCOUNT, "bulb", "s200", 3))
        .containsExactly("s201", "s203", "s205");
  }

  @Test
  void metricsCountWhatWasAcceptedAndRejected() {
    house.update("{'state': {}}");
    house.update("{}");
    assertThat(house.shadows.metrics().toString())
        .contains("shadow_accepted_total", "shadow_rejected_total");
    assertThat(house.shadows.metrics().stream().map(metric -> metric.value()))
        .containsExactly(1.0, 1.0, 0.0, 0.0, 1.0, 0.0);
  }
}
