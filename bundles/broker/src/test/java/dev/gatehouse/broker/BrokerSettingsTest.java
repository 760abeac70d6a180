package dev.gatehouse.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.api.session.SubscribeResult;
import dev.gatehouse.api.telemetry.HealthCheck;
import dev.gatehouse.api.telemetry.Metric;
import dev.gatehouse.broker.BrokerSettings.Limit;
import dev.gatehouse.testkit.ConfigValues;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BrokerSettingsTest {

  @Test
  void theDefaultsAreThese() {
    assertThat(BrokerSettings.of(config(Map.of())))
        .isEqualTo(
            new BrokerSettings(
                100_000,
                10_000,
                new Limit(10_000, 16 << 20),
                new Limit(1_000, 512 << 10),
                BrokerSettings.HALF_OF_MEMORY,
                10_000_000L << 10,
                new Limit(100_000, 10_000_000L << 10),
                4,
                4_096,
                Duration.ofMinutes(5),
                true,
                0));
  }

  @Test
  void theGuidesProfileHasItsLimitsUnlessTheyAreSet() {
    BrokerSettings guide = BrokerSettings.of(config(Map.of("profile", "aws-iot-2016")));
    assertThat(guide.maxSubscriptionsPerSession()).isEqualTo(50);
    assertThat(guide.retrySeconds()).isEqualTo(3_600);
    assertThat(guide.parentMatch()).isFalse();
    assertThat(
            BrokerSettings.of(
                    config(Map.of("profile", "aws-iot-2016", "maxSubscriptionsPerSession", 70)))
                .maxSubscriptionsPerSession())
        .isEqualTo(70);
    assertThatThrownBy(() -> BrokerSettings.of(config(Map.of("profile", "azure"))))
        .hasMessage("profile is 'azure'; it must be full or aws-iot-2016");
  }

  @Test
  void aChangeCountsForSessionsThatAreThere() {
    try (House house = new House()) {
      House.Client client = house.clean("c").subscribe("a/#", House.QOS1);
      house.publish("a", "matched", House.QOS1);
      house.broker.change(
          BrokerSettings.of(
              config(Map.of("profile", "aws-iot-2016", "maxSubscriptionsPerSession", 1))));
      house.publish("a", "not matched", House.QOS1);
      assertThat(client.sink.texts()).containsExactly("matched");
      assertThat(House.done(client.subscribe(List.of(House.wish("b", House.QOS1)))))
          .containsExactly(SubscribeResult.QUOTA_EXCEEDED);
    }
  }

  @Test
  void theGuideDropsWhatIsNotAcknowledgedForAnHour() {
    try (House house = new House()) {
      house.broker.change(BrokerSettings.of(config(Map.of("profile", "aws-iot-2016"))));
      House.Client client =
          house.connect(House.request("c", 0, true, 1, null)).subscribe("a", House.QOS1);
      house.publish("a", "stuck", House.QOS1);
      house.publish("a", "old", House.QOS1);
      house.clock.advance(Duration.ofMinutes(59));
      house.publish("a", "new", House.QOS1);
      assertThat(client.sink.texts()).containsExactly("stuck");
      house.clock.advance(Duration.ofMinutes(1));
      house.publish("a", "newer", House.QOS1);
      assertThat(client.sink.texts()).containsExactly("stuck", "new");
    }
  }

  @Test
  void everyAttributeReachesItsPlace() {
    BrokerSettings settings =
        BrokerSettings.of(
            config(Map.of("maxSessions", 7, "queueKilobytes", 3, "parentMatch", false)));

    assertThat(settings.maxSessions()).isEqualTo(7);
    assertThat(settings.queue().bytes()).isEqualTo(3072);
    assertThat(settings.parentMatch()).isFalse();
  }

  @Test
  void whatIsOutOfRangeIsNamedWithItsValueAndLimits() {
    assertThatThrownBy(() -> BrokerSettings.of(config(Map.of("mailboxThreads", 65))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("mailboxThreads is 65; it must be from 1 to 64");
  }

  @Test
  void healthAndMetricsTellOfTheStoreAndTheSessions() {
    try (House house = new House()) {
      house.clean("c").subscribe("a", House.QOS1);
      assertThat(house.broker.health().state()).isEqualTo(HealthCheck.State.UP);
      assertThat(house.broker.metrics())
          .contains(
              Metric.gauge("broker_sessions", 1),
              Metric.gauge("broker_sessions_connected", 1),
              Metric.gauge("broker_subscriptions", 1));
      house.store.failWith("disk full");
      assertThat(house.broker.health().state()).isEqualTo(HealthCheck.State.DEGRADED);
    }
  }

  private static BrokerConfig config(Map<String, Object> values) {
    return ConfigValues.of(BrokerConfig.class, values);
  }
}
