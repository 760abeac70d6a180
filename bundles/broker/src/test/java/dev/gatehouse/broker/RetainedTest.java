package dev.gatehouse.broker;

import static dev.gatehouse.broker.House.QOS0;
import static dev.gatehouse.broker.House.QOS1;
import static dev.gatehouse.broker.House.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.api.message.PublishOutcome;
import dev.gatehouse.api.message.TopicFilter;
import dev.gatehouse.api.message.TopicName;
import dev.gatehouse.api.session.SessionSink.Delivery;
import dev.gatehouse.api.session.SubscriptionRequest;
import dev.gatehouse.api.session.SubscriptionRequest.RetainHandling;
import dev.gatehouse.api.time.PassedTime;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RetainedTest {
  private static final List<String> TOPICS =
      List.of("a", "a/b", "a/b/c", "ab", "b/a", "$x/a", "/a");

  private final House house = new House();

  @AfterEach
  void stop() {
    house.close();
  }

  @Test
  void aNewSubscriptionGetsTheLastRetainedMessagesWithTheFlag() {
    house.retain("a/1", "old", QOS1);
    house.retain("a/1", "new", QOS1);
    house.retain("a/2/x", "deep", QOS0);
    house.retain("b", "other", QOS1);
    House.Client client = house.clean("c").subscribe("a/#", QOS1);

    await().until(() -> client.sink.delivered.size() == 2);
    assertThat(client.sink.texts()).containsExactly("new", "deep");
    assertThat(client.sink.delivered).allMatch(RecordingSink.Delivered::retain);
    assertThat(client.sink.packetIds()).containsExactly(1, 0);
  }

  @Test
  void moreRetainedMessagesThanAConnectionTakesAtOnceAllArrive() {
    IntStream.range(0, 40).forEach(i -> house.retain("a/" + i, "m", QOS0));
    House.Client client = house.clean("c");
    client.sink.answer = message -> Delivery.BUSY;
    client.subscribe("a/+", QOS0);
    await()
        .pollInterval(Duration.ofMillis(1))
        .until(
            () -> {
              client.session.resume();
              return client.sink.delivered.size() == 40;
            });
    assertThat(house.dropped(Counters.Drop.BUSY)).isZero();
  }

  @Test
  void retainedMessagesSurviveACrashAndAnEmptyPayloadDeletesThem() {
    house.retain("a", "kept", QOS1);
    house.retain("b", "gone", QOS1);
    house.retain("b", "", QOS1);
    house.crash();
    House.Client client = house.clean("c").subscribe("#", QOS0);

    await().until(() -> !client.sink.delivered.isEmpty());
    assertThat(client.sink.texts()).containsExactly("kept");
    assertThat(house.store.table(Keys.RETAINED).size()).isEqualTo(1);
  }

  @Test
  void theStageWaitsForTheDiskAlsoWithoutSubscribers() {
    house.store.hold();
    CompletionStage<PublishOutcome> stage = house.broker.publish(house.retained("a", "x", QOS0));
    assertThat(stage.toCompletableFuture()).isNotDone();
    house.store.release();

    assertThat(done(stage)).isEqualTo(PublishOutcome.NO_SUBSCRIBERS);
  }

  @Test
  void sayingTheSameAgainWritesNothing() {
    house.retain("a", "x", QOS1);
    long sequence = house.store.status().sequence();
    house.retain("a", "x", QOS1);

    assertThat(house.store.status().sequence()).isEqualTo(sequence);
  }

  @Test
  void whatCannotBeStoredIsNotRetained() {
    house.retain("a", "old", QOS1);
    house.store.failWith("disk full");
    assertThat(house.retain("a", "new", QOS1)).isEqualTo(PublishOutcome.STORE_UNAVAILABLE);
    assertThat(house.retain("a", "", QOS1)).isEqualTo(PublishOutcome.STORE_UNAVAILABLE);
    assertThat(house.retain("b", "new", QOS1)).isEqualTo(PublishOutcome.STORE_UNAVAILABLE);

    Retained retained = house.broker.realm(House.ACCOUNT).retained;
    assertThat(retained.matching(new TopicFilter("#"), PassedTime.of(Clock.systemUTC())))
        .extracting(message -> message.payload().text())
        .containsExactly("old");
    assertThat(gauge("broker_retained_messages")).isEqualTo(1);
    assertThat(gauge("broker_retained_bytes"))
        .as("its topic, its payload and what is around them")
        .isEqualTo(2 + 3 + 320);
  }

  @Test
  void moreThanTheBoundsIsRefusedAndStillDelivered() {
    House.Client client = house.clean("c").subscribe("r/#", QOS0);
    IntStream.range(0, 50).forEach(i -> house.retain("r/" + i, "x", QOS0));

    assertThat(house.retain("r/50", "x", QOS1)).isEqualTo(PublishOutcome.QUOTA_EXCEEDED);
    assertThat(house.retain("r/0", "y".repeat(70_000), QOS1))
        .isEqualTo(PublishOutcome.QUOTA_EXCEEDED);
    assertThat(house.retain("r/0", "y", QOS1)).isEqualTo(PublishOutcome.DELIVERED);
    assertThat(client.sink.delivered).hasSize(53);
  }

  @Test
  void retainHandlingAndRetainAsPublishedAreHonoured() {
    house.retain("a", "x", QOS0);
    House.Client client = house.clean("c");
    done(client.subscribe(List.of(wish("a", true, RetainHandling.DO_NOT_SEND))));
    done(client.subscribe(List.of(wish("a", true, RetainHandling.SEND_IF_NEW))));
    assertThat(client.sink.delivered).isEmpty();

    house.retain("a", "live", QOS0);
    assertThat(client.sink.delivered).hasSize(1).allMatch(RecordingSink.Delivered::retain);
    done(client.subscribe(List.of(wish("a", false, RetainHandling.DO_NOT_SEND))));
    house.retain("a", "plain", QOS0);
    assertThat(client.sink.delivered.get(1).retain()).isFalse();
  }

  @Test
  void expiredRetainedMessagesAreNotSent() {
    done(house.broker.publish(house.message("a", "x", QOS1, true, House.expiring(10))));
    house.clock.advance(Duration.ofSeconds(10));

    assertThat(
            house
                .broker
                .realm(House.ACCOUNT)
                .retained
                .matching(new TopicFilter("a"), PassedTime.of(house.clock)))
        .isEmpty();
  }

  @Test
  void theFiltersOfRetainedMessagesAgreeWithTheFiltersThemselves() {
    for (String topic : TOPICS) {
      house.broker.publish(house.retained(topic, topic, QOS0));
    }
    Retained retained = house.broker.realm(House.ACCOUNT).retained;
    for (String text :
        List.of("#", "a/#", "+", "+/#", "a/+", "a/b", "$x/#", "/+", "a/+/c", "+/a")) {
      TopicFilter filter = new TopicFilter(text);
      assertThat(retained.matching(filter, PassedTime.of(Clock.systemUTC())))
          .as(text)
          .extracting(message -> message.topic().value())
          .containsExactlyInAnyOrderElementsOf(
              TOPICS.stream().filter(topic -> filter.matches(new TopicName(topic))).toList());
    }
  }

  private double gauge(String name) {
    return house.broker.metrics().stream()
        .filter(metric -> metric.name().equals(name))
        .findFirst()
        .orElseThrow()
        .value();
  }

  private static SubscriptionRequest wish(
      String filter, boolean retainAsPublished, RetainHandling handling) {
    return new SubscriptionRequest(
        new TopicFilter(filter), QOS0, false, retainAsPublished, handling, 0);
  }
}
