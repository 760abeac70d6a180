package dev.gatehouse.broker;

import static dev.gatehouse.broker.House.QOS0;
import static dev.gatehouse.broker.House.QOS1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.api.memory.MemoryShare;
import dev.gatehouse.api.message.Mailbox;
import dev.gatehouse.api.message.Mailbox.Overflow;
import dev.gatehouse.api.message.Message;
import dev.gatehouse.api.message.MessageBus.Subscription;
import dev.gatehouse.api.message.MessageHandler;
import dev.gatehouse.api.message.Payload;
import dev.gatehouse.api.message.PublishOutcome;
import dev.gatehouse.api.message.TopicClaim;
import dev.gatehouse.api.message.TopicFilter;
import dev.gatehouse.api.message.TopicName;
import dev.gatehouse.testkit.FixedMemory;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MailboxesTest {
  private static final CompletionStage<?> DONE = CompletableFuture.completedFuture(null);

  private final House house = new House();
  private final List<String> seen = new CopyOnWriteArrayList<>();
  private final CountDownLatch gate = new CountDownLatch(1);

  @AfterEach
  void stop() {
    gate.countDown();
    house.close();
  }

  @Test
  void messagesComeInOrderOnAThreadOfTheBus() {
    List<String> threads = new CopyOnWriteArrayList<>();
    subscribe(
        "a/#",
        new Mailbox("m", 1000, Overflow.REFUSE, false),
        message -> {
          threads.add(Thread.currentThread().getName());
          return see(message);
        });
    IntStream.range(0, 500).forEach(i -> house.publish("a/b", "m" + i, QOS0));

    await().until(() -> seen.size() == 500);
    assertThat(seen)
        .containsExactlyElementsOf(IntStream.range(0, 500).mapToObj(i -> "m" + i).toList());
    assertThat(threads).allMatch(name -> name.startsWith("gatehouse-broker-mailbox-"));
  }

  @Test
  void aFullMailboxRefusesDropsTheOldestOrTheNewest() {
    subscribe("refuse", new Mailbox("r", 1, Overflow.REFUSE, false), this::block);
    house.publish("refuse", "running", QOS1);
    await().until(() -> seen.contains("running"));
    house.publish("refuse", "waiting", QOS1);
    assertThat(house.publish("refuse", "x", QOS1)).isEqualTo(PublishOutcome.QUOTA_EXCEEDED);
    assertThat(house.publish("refuse", "x", QOS0)).isEqualTo(PublishOutcome.DELIVERED);

    MailboxSubscriber oldest = unrun(Overflow.DROP_OLDEST);
    MailboxSubscriber newest = unrun(Overflow.DROP_NEWEST);
    for (String text : List.of("1", "2", "3")) {
      oldest.offer(house.message("a", text, QOS1));
      newest.offer(house.message("a", text, QOS1));
    }
    assertThat(oldest.depth()).isEqualTo(2);
    assertThat(newest.depth()).isEqualTo(2);
    assertThat(house.dropped(Counters.Drop.MAILBOX_FULL)).isEqualTo(4);
  }

  @Test
  void aConfirmedMailboxHoldsTheAcknowledgementOfQos1() {
    CompletableFuture<Void> care = new CompletableFuture<>();
    subscribe(
        "a",
        new Mailbox("m", 10, Overflow.REFUSE, true),
        message -> see(message) == null ? DONE : care);
    CompletableFuture<PublishOutcome> stage =
        house.broker.publish(house.message("a", "x", QOS1)).toCompletableFuture();
    house.publish("a", "not waited for", QOS0);
    await().until(() -> seen.size() == 2);
    assertThat(stage).isNotDone();
    care.complete(null);

    await().until(stage::isDone);
    assertThat(stage.join()).isEqualTo(PublishOutcome.DELIVERED);
  }

  @Test
  void aFailingHandlerIsCountedAndThePublisherAcknowledged() {
    subscribe(
        "a",
        new Mailbox("m", 10, Overflow.REFUSE, true),
        message -> {
          throw new IllegalStateException("broken");
        });
    CompletableFuture<PublishOutcome> stage =
        house.broker.publish(house.message("a", "x", QOS1)).toCompletableFuture();

    await().until(stage::isDone);
    assertThat(stage.join()).isEqualTo(PublishOutcome.DELIVERED);
    assertThat(house.broker.counters().handlerFailures.sum()).isEqualTo(1);
  }

  @Test
  void aBlockedHandlerHoldsOneThreadOnly() {
    subscribe("slow", new Mailbox("slow", 10, Overflow.REFUSE, false), this::block);
    subscribe("fast", new Mailbox("fast", 10, Overflow.REFUSE, false), this::see);
    IntStream.range(0, 5).forEach(i -> house.publish("slow", "slow" + i, QOS0));
    house.publish("fast", "fast", QOS0);

    await().until(() -> seen.contains("fast"));
    assertThat(seen).containsExactlyInAnyOrder("slow0", "fast");
  }

  @Test
  void afterCloseReturnsNoCallBegins() throws Exception {
    Subscription subscription =
        subscribe("a", new Mailbox("m", 10, Overflow.REFUSE, false), this::block);
    IntStream.range(0, 5).forEach(i -> house.publish("a", "m" + i, QOS0));
    await().until(() -> seen.size() == 1);
    CompletableFuture<Void> closing = CompletableFuture.runAsync(subscription::close);
    gate.countDown();
    closing.get();
    List<String> whenClosed = List.copyOf(seen);

    assertThat(house.publish("a", "late", QOS0)).isEqualTo(PublishOutcome.NO_SUBSCRIBERS);
    subscribe("b", new Mailbox("after", 1, Overflow.REFUSE, false), this::see);
    house.publish("b", "after", QOS0);
    await().until(() -> seen.contains("after"));
    assertThat(seen).hasSize(whenClosed.size() + 1);
  }

  @Test
  void aSubscriptionThatDrainsIsHandedWhatWaitsAndNothingLater() throws Exception {
    Subscription subscription =
        subscribe("a", new Mailbox("m", 5, Overflow.REFUSE, true), this::block);
    List<CompletableFuture<PublishOutcome>> published =
        IntStream.range(0, 5)
            .mapToObj(i -> house.broker.publish(house.message("a", "m" + i, QOS1)))
            .map(CompletionStage::toCompletableFuture)
            .toList();
    await().until(() -> seen.size() == 1);
    CompletableFuture<Void> drained = subscription.drain().toCompletableFuture();
    assertThat(house.publish("a", "late", QOS1)).isEqualTo(PublishOutcome.NO_SUBSCRIBERS);
    assertThat(drained).isNotDone();
    gate.countDown();
    drained.get(5, TimeUnit.SECONDS);
    assertThat(seen).containsExactly("m0", "m1", "m2", "m3", "m4");
    for (CompletableFuture<PublishOutcome> outcome : published) {
      assertThat(outcome).succeedsWithin(Duration.ofSeconds(5)).isEqualTo(PublishOutcome.DELIVERED);
    }
  }

  @Test
  void aSubscriptionThatNothingWaitsForIsDrainedAtOnce() {
    Subscription subscription =
        subscribe("a", new Mailbox("m", 5, Overflow.REFUSE, true), this::see);
    house.publish("a", "m", QOS0);
    await().until(() -> seen.contains("m"));
    assertThat(subscription.drain()).succeedsWithin(Duration.ofSeconds(5));
    assertThat(seen).containsExactly("m");
    subscription.close();
    assertThat(subscription.drain()).succeedsWithin(Duration.ZERO);
  }

  @Test
  void aHandlerMayCloseItsOwnSubscription() {
    CompletableFuture<Subscription> own = new CompletableFuture<>();
    own.complete(
        subscribe(
            "a",
            new Mailbox("m", 10, Overflow.REFUSE, false),
            message -> {
              own.join().close();
              return see(message);
            }));
    house.publish("a", "1", QOS0);

    await().until(() -> seen.equals(List.of("1")));
    assertThat(house.publish("a", "2", QOS0)).isEqualTo(PublishOutcome.NO_SUBSCRIBERS);
  }

  @Test
  void reservedTopicsNeedTheirOwnerWhenTheyComeFromOutside() {
    House.Client listener = house.clean("c").subscribe("$aws/things/+/shadow/#", QOS0);
    String topic = "$aws/things/x/shadow/update";
    assertThat(house.publish(topic, "early", QOS1))
        .isEqualTo(PublishOutcome.RESERVED_TOPIC_UNCLAIMED);
    Claim claim = new Claim("$aws/things/+/shadow/update", seen);
    house.broker.claims().add(claim);
    assertThat(house.publish(topic, "taken", QOS1)).isEqualTo(PublishOutcome.DELIVERED);
    assertThat(house.publish("$aws/else", "x", QOS0))
        .isEqualTo(PublishOutcome.RESERVED_TOPIC_UNCLAIMED);
    assertThat(house.publish("$SYS/x", "x", QOS0))
        .isEqualTo(PublishOutcome.RESERVED_TOPIC_UNCLAIMED);
    assertThat(house.publish("$other", "x", QOS0)).isEqualTo(PublishOutcome.NO_SUBSCRIBERS);
    await().until(() -> seen.contains("taken"));
    house.broker.claims().remove(claim);
    assertThat(house.publish(topic, "late", QOS1))
        .isEqualTo(PublishOutcome.RESERVED_TOPIC_UNCLAIMED);

    assertThat(seen).containsExactly("taken");
    assertThat(listener.sink.texts()).containsExactly("taken");
  }

  @Test
  void whatTheGatewayPublishesOnReservedTopicsPassesTheClaims() {
    house.broker.claims().add(new Claim("$aws/things/+/shadow/update", seen));
    House.Client listener = house.clean("c").subscribe("$aws/things/#", QOS0);
    house.broker.publish(
        Message.internal(
            House.ACCOUNT,
            "shadow",
            new TopicName("$aws/things/x/shadow/update"),
            Payload.ofText("inside"),
            0));

    assertThat(listener.sink.texts()).containsExactly("inside");
    assertThat(seen).isEmpty();
  }

  @Test
  void requestsToAnOwnerAreNotRetained() {
    house.broker.claims().add(new Claim("$aws/x", seen));
    house.retain("$aws/x", "request", QOS1);

    assertThat(house.store.table(Keys.RETAINED).size()).isZero();
  }

  @Test
  void theFirstOfTwoClaimsStandsAndTheSecondFollowsIt() {
    List<String> other = new CopyOnWriteArrayList<>();
    Claim first = new Claim("$aws/x", seen);
    Claim second = new Claim("$aws/x", other);
    house.broker.claims().add(first);
    house.broker.claims().add(second);
    house.publish("$aws/x", "1", QOS1);
    await().until(() -> seen.equals(List.of("1")));
    house.broker.claims().remove(first);
    house.publish("$aws/x", "2", QOS1);

    await().until(() -> other.equals(List.of("2")));
    assertThat(seen).containsExactly("1");
  }

  private record Claim(String filter, List<String> seen) implements TopicClaim {
    @Override
    public Collection<TopicFilter> filters() {
      return List.of(new TopicFilter(filter));
    }

    @Override
    public Mailbox mailbox() {
      return new Mailbox("claim", 10, Overflow.REFUSE, false);
    }

    @Override
    public CompletionStage<?> onMessage(Message message) {
      seen.add(message.payload().text());
      return DONE;
    }

    @Override
    public boolean equals(Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(this);
    }
  }

  @Test
  void aMailboxIsFullWhenItsMessagesTakeAQuarterOfTheMemory() {
    MemoryShare memory = new FixedMemory(100_000).open("mailboxes", 100);
    Message large = house.message("a", "x".repeat(9_000), QOS1);
    MailboxSubscriber refusing = unrun(Overflow.REFUSE, 100, memory);
    assertThat(refusing.offer(large)).isSameAs(MailboxSubscriber.TAKEN);
    assertThat(refusing.offer(large)).isSameAs(MailboxSubscriber.TAKEN);
    assertThat(refusing.offer(large)).isSameAs(MailboxSubscriber.REFUSED);
    assertThat(refusing.depth()).isEqualTo(2);

    MailboxSubscriber forgetful = unrun(Overflow.DROP_OLDEST, 100, memory);
    for (int i = 0; i < 5; i++) {
      assertThat(forgetful.offer(large)).isSameAs(MailboxSubscriber.TAKEN);
    }
    assertThat(forgetful.depth()).isEqualTo(2);
    assertThat(house.dropped(Counters.Drop.MAILBOX_FULL)).isEqualTo(4);

    refusing.close();
    forgetful.close();
    assertThat(memory.usedBytes()).isZero();
  }

  @Test
  void anEmptyMailboxTakesNothingWhenTheOthersHaveTheMemory() {
    MemoryShare memory = new FixedMemory(100_000).open("mailboxes", 100);
    memory.take(100_000);
    Message large = house.message("a", "x".repeat(9_000), QOS1);
    assertThat(unrun(Overflow.REFUSE, 100, memory).offer(large))
        .isSameAs(MailboxSubscriber.REFUSED);
    MailboxSubscriber forgetful = unrun(Overflow.DROP_OLDEST, 100, memory);
    forgetful.offer(large);
    assertThat(forgetful.depth()).isZero();
    assertThat(unrun(Overflow.REFUSE, 100, memory).offer(house.message("a", "x", QOS1)))
        .as("a small one every mailbox takes")
        .isSameAs(MailboxSubscriber.TAKEN);
  }

  private MailboxSubscriber unrun(Overflow overflow) {
    return unrun(overflow, 2, house.broker.memory().mailboxes);
  }

  private MailboxSubscriber unrun(Overflow overflow, int capacity, MemoryShare memory) {
    return new MailboxSubscriber(
        new Mailbox("m", capacity, overflow, false),
        this::see,
        task -> {},
        house.broker.counters(),
        memory);
  }

  private Subscription subscribe(String filter, Mailbox mailbox, MessageHandler handler) {
    return house.broker.subscribe(House.ACCOUNT, new TopicFilter(filter), mailbox, handler);
  }

  private CompletionStage<?> see(Message message) {
    seen.add(message.payload().text());
    return DONE;
  }

  private CompletionStage<?> block(Message message) {
    seen.add(message.payload().text());
    try {
      gate.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return DONE;
  }
}
