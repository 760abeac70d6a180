package dev.gatehouse.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.message.Message;
import dev.gatehouse.api.message.QoS;
import dev.gatehouse.api.telemetry.Metric;
import dev.gatehouse.testkit.InMemoryBus;
import dev.gatehouse.testkit.ManualClock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StatusTopicsTest {
  private static final Account ACCOUNT = new Account("000000000000", "us-east-1");

  private final InMemoryBus bus = new InMemoryBus();
  private final StatusTopics topics =
      new StatusTopics(bus, () -> ACCOUNT, new ManualClock(Instant.EPOCH));

  @AfterEach
  void stop() {
    topics.deactivate();
  }

  @Test
  void eachMetricHasATopicWithItsLabelsAndNothingIsKept() {
    topics.addSource(
        () ->
            List.of(
                Metric.counter("messages_total", 12_000_000),
                Metric.gauge("load", 0.25),
                new Metric(
                    "dropped_total", Metric.Kind.COUNTER, 3, Map.of("why", "full", "by", "x"))));
    topics.publish();
    assertThat(bus.textsOf("$SYS/gatehouse/messages_total")).containsExactly("12000000");
    assertThat(bus.textsOf("$SYS/gatehouse/load")).containsExactly("0.25");
    assertThat(bus.textsOf("$SYS/gatehouse/dropped_total/by=x/why=full")).containsExactly("3");
    assertThat(bus.published()).extracting(Message::qos).containsOnly(QoS.AT_MOST_ONCE);
    assertThat(bus.published()).extracting(Message::retain).containsOnly(false);
  }

  @Test
  void aSourceThatFailsOrLeftDoesNotKeepTheOthersBack() {
    topics.addSource(
        () -> {
          throw new IllegalStateException("broken");
        });
    List<Metric> one = List.of(Metric.gauge("one", 1));
    dev.gatehouse.api.telemetry.MetricSource left = () -> List.of(Metric.gauge("left", 1));
    topics.addSource(() -> one);
    topics.addSource(left);
    topics.removeSource(left);
    topics.publish();
    assertThat(bus.published())
        .extracting(message -> message.topic().value())
        .containsExactly("$SYS/gatehouse/one");
  }
}
