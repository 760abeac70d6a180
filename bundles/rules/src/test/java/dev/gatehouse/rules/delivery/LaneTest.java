package dev.gatehouse.rules.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.api.memory.MemoryShare;
import dev.gatehouse.api.message.Message;
import dev.gatehouse.api.message.MessageProperties;
import dev.gatehouse.api.message.MessageProperties.UserProperty;
import dev.gatehouse.api.message.Origin;
import dev.gatehouse.api.message.Payload;
import dev.gatehouse.api.message.QoS;
import dev.gatehouse.api.message.TopicName;
import dev.gatehouse.api.message.TraceId;
import dev.gatehouse.api.rules.action.ActionFailure;
import dev.gatehouse.api.rules.action.ActionInput;
import dev.gatehouse.api.rules.action.ActionSettings;
import dev.gatehouse.api.rules.action.ActionTarget;
import dev.gatehouse.api.rules.action.RuleAction;
import dev.gatehouse.testkit.FixedMemory;
import dev.gatehouse.testkit.InMemoryStore;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LaneTest {
  private static final Account ACCOUNT = new Account("000000000000", "us-east-1");

  private final InMemoryStore store = new InMemoryStore();
  private final MemoryShare memory = new FixedMemory().open("rules.results", 5);
  private final ExecutorService pool = Executors.newFixedThreadPool(2);
  private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(1);
  private final DeliveryCounters counters = new DeliveryCounters();
  private final List<String> late = new CopyOnWriteArrayList<>();
  private final List<String> taken = new CopyOnWriteArrayList<>();
  private Lane lane = lane(100, Duration.ofHours(1));

  @AfterEach
  void stop() {
    pool.shutdownNow();
    timer.shutdownNow();
  }

  @Test
  void memoryIsGivenBackWhenTheTargetHasEverything() throws Exception {
    for (int i = 0; i < 40; i++) {
      deliver("kept" + i);
    }
    aim(text -> done());
    for (int i = 0; i < 40; i++) {
      deliver("fresh" + i);
    }
    Awaitility.await()
        .untilAsserted(
            () -> {
              assertThat(taken).hasSize(80);
              assertThat(memory.usedBytes()).isZero();
            });
  }

  @Test
  void memoryIsGivenBackWhenTheLaneIsDiscardedWithWhatWaits() throws Exception {
    aim(text -> CompletableFuture.failedFuture(new ActionFailure("no", true, null)));
    for (int i = 0; i < 10; i++) {
      assertThat(deliver("p" + i)).isEqualTo(Outcome.KEPT);
    }
    lane.discard();
    Awaitility.await().untilAsserted(() -> assertThat(memory.usedBytes()).isZero());
  }

  @Test
  void parcelForWhichThereIsNoMemoryFails() throws Exception {
    CompletableFuture<Outcome> outcome = deliver(lane, "a"); // kept, since nobody takes it
    assertThat(outcome.get(5, TimeUnit.SECONDS)).isEqualTo(Outcome.KEPT);
    long all = memory.limitBytes() - memory.usedBytes();
    memory.take(all);
    Held held = Held.take(new FixedMemory().open("elsewhere", 1), 1);
    assertThat(lane.deliver(parcel("b"), held).get(5, TimeUnit.SECONDS))
        .isInstanceOfSatisfying(
            Outcome.Failed.class,
            failed -> assertThat(failed.failure().errorMessage()).contains("memory"));
    memory.release(all);
    aim(text -> done());
    Awaitility.await().untilAsserted(() -> assertThat(taken).containsExactly("a"));
  }

  @Test
  void parcelGoesStraightWithoutTouchingTheStore() throws Exception {
    store.failWith("no disk");
    aim(text -> done());
    assertThat(deliver("a")).isEqualTo(Outcome.DELIVERED);
    assertThat(taken).containsExactly("a");
  }

  @Test
  void parcelsForNobodyAreKeptAndComeInOrder() throws Exception {
    for (int i = 0; i < 80; i++) {
      assertThat(deliver("p" + i)).isEqualTo(Outcome.KEPT);
    }
    assertThat(lane.waiting()).isEqualTo(80);
    aim(text -> done());
    Awaitility.await().until(() -> lane.waiting() == 0);
    assertThat(taken).hasSize(80).startsWith("p0", "p1", "p2").endsWith("p79");
    assertThat(store.queue("q").size()).isZero();
  }

  @Test
  void oneBadParcelDoesNotHoldUpTheOthers() throws Exception {
    for (int i = 0; i < 50; i++) {
      deliver("p" + i);
    }
    aim(text -> text.equals("p3") ? away() : done());
    Awaitility.await().until(() -> taken.size() == 49);
    assertThat(lane.waiting()).isEqualTo(1);
    assertThat(lane.problem()).hasValue("1 wait for r.q: away");
  }

  @Test
  void fullQueueFailsTheParcelAndSaysSo() throws Exception {
    lane = lane(2, Duration.ofHours(1));
    deliver("a");
    deliver("b");
    assertThat(deliver("c"))
        .isInstanceOfSatisfying(
            Outcome.Failed.class,
            failed -> assertThat(failed.failure().errorMessage()).contains("full, 2 wait"));
    assertThat(counters.dropped.sum()).isEqualTo(1);
    assertThat(lane.problem().orElseThrow()).contains("full");
  }

  @Test
  void parcelThatFailsForGoodAfterItWaitedIsTold() throws Exception {
    deliver("a");
    aim(text -> CompletableFuture.failedFuture(new ActionFailure("never", false, null)));
    Awaitility.await().until(() -> !late.isEmpty());
    assertThat(late).containsExactly("a: Action res never");
    assertThat(lane.waiting()).isZero();
  }

  @Test
  void parcelThatIsTooOldFails() throws Exception {
    lane = lane(100, Duration.ofMillis(0));
    deliver("a");
    aim(text -> away());
    Awaitility.await().until(() -> !late.isEmpty());
    assertThat(late).containsExactly("a: Action res away");
  }

  @Test
  void slowParcelIsHandedOverOnceAndNotDeliveredTwice() throws Exception {
    CompletableFuture<Void> slow = new CompletableFuture<>();
    aim(text -> slow);
    assertThat(deliver("a")).isEqualTo(Outcome.KEPT);
    slow.complete(null);
    Awaitility.await().until(() -> lane.waiting() == 0);
    assertThat(taken).containsExactly("a");
    assertThat(counters.delivered.sum()).isEqualTo(1);
  }

  @Test
  void whatIsUnderWayAtTheEndIsDurable() throws Exception {
    aim(text -> new CompletableFuture<>());
    CompletableFuture<Outcome> outcome = deliver(lane, "a");
    Awaitility.await().until(() -> taken.size() == 1);
    lane.close().get(5, TimeUnit.SECONDS);
    assertThat(outcome.get(5, TimeUnit.SECONDS)).isEqualTo(Outcome.KEPT);
    assertThat(store.queue("q").size()).isEqualTo(1);
  }

  @Test
  void storeThatCanNotKeepFailsTheParcel() throws Exception {
    store.failWith("no disk");
    assertThat(deliver("a"))
        .isInstanceOfSatisfying(
            Outcome.Failed.class,
            failed -> assertThat(failed.failure().errorMessage()).contains("no disk"));
    assertThat(lane.waiting()).isZero();
  }

  @Test
  void targetThatBlocksItsThreadDoesNotStopAnotherLane() throws Exception {
    CompletableFuture<Void> never = new CompletableFuture<>();
    aim(text -> never.thenApply(nothing -> never.join()));
    List<CompletableFuture<Outcome>> stuck = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      stuck.add(deliver(lane, "s" + i));
    }
    Lane other =
        new Lane("other", "r.other", services(100, Duration.ofHours(1)), counters, this::told);
    other.aim(target(text -> done()));
    assertThat(deliver(other, "free").get(5, TimeUnit.SECONDS)).isEqualTo(Outcome.DELIVERED);
    for (CompletableFuture<Outcome> outcome : stuck) {
      assertThat(outcome.get(5, TimeUnit.SECONDS)).isEqualTo(Outcome.KEPT);
    }
  }

  @Test
  void parcelKeepsItsFormInTheQueue() {
    MessageProperties properties =
        new MessageProperties(null, 0L, null, "r", null, List.of(new UserProperty("a", "b")));
    for (Principal principal :
        List.of(
            new Principal.Certificate(ACCOUNT, "ab"),
            new Principal.User(ACCOUNT, "n", "id"),
            new Principal.RoleSession(ACCOUNT, "r", "i", "s"),
            new Principal.RoleSession(ACCOUNT, "r", "i", "s", List.of("{}", "arn:aws:iam::p")),
            new Principal.CognitoIdentity(ACCOUNT, "c", true),
            new Principal.Anonymous(ACCOUNT, "p"),
            new Principal.Component(ACCOUNT, "x"))) {
      Message message =
          new Message(
              ACCOUNT,
              new TopicName("a/b"),
              Payload.ofText("taken"),
              QoS.AT_LEAST_ONCE,
              false,
              properties,
              new Origin(principal, "c1", "::1"),
              5,
              new TraceId(-1, 2),
              3);
      Parcel made = new Parcel(7, Map.of("k", "v"), Payload.ofText("made"), message);
      assertThat(Parcel.read(made.header(), made.body())).isEqualTo(made);
      Parcel passed = new Parcel(7, Map.of(), message.payload(), message);
      assertThat(Parcel.read(passed.header(), passed.body())).isEqualTo(passed);
      assertThat(passed.body()).hasSize(4 + 5);
    }
  }

  /** As the first version of the stored form was written. */
  @Test
  void parcelThatAnOlderGatewayStoredIsRead() {
    String header =
        "\u0001{\"since\":7,\"account\":\"000000000000\",\"region\":\"us-east-1\",\"topic\":\"a/b\","
            + "\"qos\":\"AT_LEAST_ONCE\",\"time\":5,\"traceHigh\":-1,\"traceLow\":2,\"hops\":3,"
            + "\"clientId\":\"c1\",\"sourceIp\":null,\"principal\":[\"component\",\"x\"],"
            + "\"settings\":{\"headers.userProperties.0.key\":\"v\"}}";
    byte[] body = {-1, -1, -1, -1, 'h', 'i'};
    Parcel parcel = Parcel.read(header.getBytes(StandardCharsets.UTF_8), body);
    assertThat(parcel.rendered()).isEqualTo(Map.of("headers.userProperties.0.key", "v"));
    assertThat(parcel.message().properties()).isEqualTo(MessageProperties.NONE);
    assertThat(parcel.message().payload().text()).isEqualTo("hi");
    assertThat(parcel.message().hops()).isEqualTo(3);
    assertThat(parcel.header()[0]).isEqualTo((byte) 2);
    assertThat(Parcel.read(parcel.header(), parcel.body())).isEqualTo(parcel);
  }

  private Lane lane(int entries, Duration age) {
    return new Lane("q", "r.q", services(entries, age), counters, this::told);
  }

  private LaneServices services(int entries, Duration age) {
    return new LaneServices(
        memory,
        store,
        pool,
        timer,
        Clock.systemUTC(),
        new DeliverySettings(
            Duration.ofSeconds(2),
            Duration.ofMillis(50),
            Duration.ofMillis(1),
            Duration.ofMillis(10),
            age,
            entries,
            1 << 20));
  }

  private void told(Parcel parcel, Failure failure) {
    late.add(
        parcel.payload().text()
            + ": "
            + failure.failedAction()
            + " "
            + failure.failedResource()
            + " "
            + failure.errorMessage());
  }

  private void aim(Function<String, CompletionStage<Void>> behaviour) {
    lane.aim(target(behaviour));
  }

  private Target target(Function<String, CompletionStage<Void>> behaviour) {
    RuleAction action =
        new RuleAction() {
          @Override
          public ActionTarget target(ActionSettings settings) {
            return new ActionTarget("res", List.of());
          }

          @Override
          public CompletionStage<Void> execute(ActionInput input) {
            String text = input.payload().text();
            CompletionStage<Void> stage = behaviour.apply(text);
            if (!stage.toCompletableFuture().isCompletedExceptionally()) {
              taken.add(text);
            }
            return stage;
          }
        };
    return new Target(
        "Action",
        action,
        new Expansion(ActionSettings.NONE, Map.of()),
        new Actor("r", null, new RoleRights()));
  }

  private static CompletionStage<Void> done() {
    return CompletableFuture.completedFuture(null);
  }

  private static CompletionStage<Void> away() {
    return CompletableFuture.failedFuture(new ActionFailure("away", true, null));
  }

  private CompletableFuture<Outcome> deliver(Lane to, String text) {
    Parcel parcel = parcel(text);
    Held held = Held.take(memory, parcel.bytes());
    CompletableFuture<Outcome> outcome = to.deliver(parcel, held);
    held.release(); // the lane has its own hold of it
    return outcome;
  }

  private Outcome deliver(String text) throws Exception {
    return deliver(lane, text).get(5, TimeUnit.SECONDS);
  }

  private static Parcel parcel(String text) {
    Message message =
        Message.internal(ACCOUNT, "test", new TopicName("t"), Payload.ofText(text), 1);
    return new Parcel(System.currentTimeMillis() - 10, Map.of(), message.payload(), message);
  }
}
