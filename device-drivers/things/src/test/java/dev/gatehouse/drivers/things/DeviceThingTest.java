package dev.gatehouse.drivers.things;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.api.device.DeviceStatus;
import dev.gatehouse.api.device.Point;
import dev.gatehouse.api.device.Reading;
import dev.gatehouse.api.device.Sampling;
import dev.gatehouse.api.device.WriteResult;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.message.Message;
import dev.gatehouse.api.message.Payload;
import dev.gatehouse.api.message.TopicName;
import dev.gatehouse.api.shadow.ShadowName;
import dev.gatehouse.api.shadow.ShadowResult;
import dev.gatehouse.api.telemetry.HealthCheck;
import dev.gatehouse.testkit.DummyDevice;
import dev.gatehouse.testkit.InMemoryBus;
import dev.gatehouse.testkit.ManualScheduler;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class DeviceThingTest {
  private static final Account ACCOUNT = new Account("000000000000", "us-east-1");
  private static final String DELTA = "$aws/things/lamp1/shadow/update/delta";
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final InMemoryBus bus = new InMemoryBus();
  private final FakeShadows shadows = new FakeShadows();
  private final ManualScheduler scheduler = new ManualScheduler();
  private final DeviceThings things = new DeviceThings(bus, shadows, scheduler, settings());
  private final DummyDevice lamp =
      new DummyDevice(
              "lamp",
              "bus-1",
              List.of(
                  new Point("on", "", "", Point.ValueType.BOOLEAN, true, Sampling.polled()),
                  Point.sensor("power.watts", "", "W"),
                  new Point("power.mode", "", "", Point.ValueType.TEXT, true, Sampling.polled()),
                  new Point(
                      "press",
                      "",
                      "",
                      Point.ValueType.NUMBER,
                      false,
                      Sampling.pushed().withDeadband(BigDecimal.ONE))))
          .set("on", "false")
          .set("power.watts", "10.0")
          .set("power.mode", "\"eco\"");

  @BeforeEach
  void bind() {
    things.bindDriver(lamp);
  }

  @Test
  void theFirstReportHasTheStatusAndAllPointsAsPaths() {
    assertThat(shadows.news())
        .containsExactlyInAnyOrder(
            "{\"deviceStatus\":{\"detail\":null,\"state\":\"ONLINE\"}}",
            "{\"on\":false,\"power\":{\"mode\":\"eco\",\"watts\":10.0}}");
  }

  @Test
  void onlyWhatChangedIsReportedAfterThat() {
    shadows.news();
    scheduler.advance(MINUTE);
    assertThat(shadows.news()).isEmpty();
    lamp.set("on", "true");
    scheduler.advance(MINUTE);
    assertThat(shadows.news()).containsExactly("{\"on\":true}");
  }

  @Test
  void aNumberWithinTheDeadbandIsNotReportedUntilItLeavesTheBand() {
    shadows.news();
    lamp.set("power.watts", "10.5");
    scheduler.advance(MINUTE);
    assertThat(shadows.news()).isEmpty();
    lamp.set("power.watts", "10.50001");
    scheduler.advance(MINUTE);
    assertThat(shadows.news()).containsExactly("{\"power\":{\"watts\":10.50001}}");
  }

  @Test
  void aPushedValueIsReportedAtOnceWithTheDeadbandOfItsPoint() {
    shadows.news();
    lamp.push(Reading.good("press", "5", Instant.EPOCH));
    lamp.push(Reading.good("press", "6", Instant.EPOCH));
    lamp.push(Reading.good("press", "6.1", Instant.EPOCH), unknown());
    assertThat(shadows.news()).containsExactly("{\"press\":5}", "{\"press\":6.1}");
    assertThat(lamp.reads()).doesNotContain(Set.of("press"));
  }

  @Test
  void valuesThatComeDuringAnUpdateWaitAndTheLatestOfEachPointGoes() {
    shadows.news();
    CompletableFuture<ShadowResult> slow = new CompletableFuture<>();
    shadows.result = slow;
    for (int i = 0; i < 1000; i += 10) {
      lamp.push(Reading.good("press", String.valueOf(i), Instant.EPOCH));
    }
    assertThat(shadows.news()).containsExactly("{\"press\":0}");
    shadows.result = accepted();
    slow.complete(new ShadowResult.Accepted(new byte[0], 2));
    assertThat(shadows.news()).containsExactly("{\"press\":990}");
  }

  @Test
  void anUpdateThatTheShadowRejectedIsSentAgain() {
    shadows.news();
    shadows.result = CompletableFuture.completedFuture(new ShadowResult.Rejected(429, "too many"));
    lamp.push(Reading.good("press", "5", Instant.EPOCH));
    assertThat(shadows.news()).containsExactly("{\"press\":5}");
    shadows.result = accepted();
    scheduler.advance(Duration.ofSeconds(10));
    assertThat(shadows.news()).containsExactly("{\"press\":5}");
    scheduler.advance(MINUTE);
    assertThat(shadows.news()).isEmpty();
  }

  @Test
  void anUpdateThatFailedIsSentAgain() {
    shadows.news();
    shadows.result = CompletableFuture.failedFuture(new IllegalStateException("disk full"));
    lamp.push(Reading.good("press", "5", Instant.EPOCH));
    shadows.result = accepted();
    scheduler.advance(Duration.ofSeconds(10));
    assertThat(shadows.news()).containsExactly("{\"press\":5}", "{\"press\":5}");
  }

  @Test
  void aPointThatCannotBeReadIsRemovedFromTheShadow() {
    shadows.news();
    lamp.unset("power.watts");
    scheduler.advance(MINUTE);
    assertThat(shadows.news()).containsExactly("{\"power\":{\"watts\":null}}");
  }

  @Test
  void aValueThatIsNoJsonScalarLeavesTheNeighboursAlone() {
    shadows.news();
    lamp.set("power.watts", "NaN").set("on", "true").set("power.mode", "[1]");
    scheduler.advance(MINUTE);
    assertThat(shadows.news()).containsExactly("{\"on\":true}");
  }

  @Test
  void aDesiredValueIsWrittenReadBackAndReported() {
    shadows.news();
    bus.publish(
        delta("{\"on\":true,\"power\":{\"mode\":\"full\",\"watts\":5},\"other\":{\"x\":1}}"));
    assertThat(lamp.writes()).containsExactlyInAnyOrder("on=true", "power.mode=\"full\"");
    assertThat(String.join("", shadows.news())).contains("\"on\":true").contains("\"full\"");
  }

  @Test
  void aDesiredValueOfTheWrongTypeIsRefusedWithoutCallingTheDriver() {
    shadows.news();
    bus.publish(delta("{\"on\":\"yes\"}"));
    assertThat(lamp.writes()).isEmpty();
    assertThat(shadows.news())
        .containsExactly(
            "{\"deviceStatus\":{\"refused\":{\"on\":\"\\\"yes\\\" is not a boolean\"}}}");
  }

  @Test
  void theReasonOfARefusalIsRemovedWhenAWriteSucceeds() {
    lamp.writesReturn(new WriteResult.Failed("no answer from unit 3"));
    shadows.news();
    bus.publish(delta("{\"on\":true}"));
    assertThat(shadows.news())
        .containsExactly("{\"deviceStatus\":{\"refused\":{\"on\":\"no answer from unit 3\"}}}");
    lamp.writesReturn(WriteResult.DONE);
    bus.publish(delta("{\"on\":true}"));
    assertThat(shadows.news())
        .containsExactly("{\"deviceStatus\":{\"refused\":{\"on\":null}}}", "{\"on\":true}");
  }

  @Test
  void theOldValueIsNotReportedWhileAWriteSettles() {
    lamp.set("on", "true");
    scheduler.advance(MINUTE);
    shadows.news();
    lamp.writesReturn(new WriteResult.Done(MINUTE.multipliedBy(3)));
    bus.publish(delta("{\"on\":false}"));
    shadows.news();
    lamp.set("on", "false");
    scheduler.advance(MINUTE);
    assertThat(shadows.news()).containsExactly("{\"on\":false}");
  }

  @Test
  void aDeviceThatNeverTookTheValueIsReportedAsItIsOnceTheTimeIsOver() {
    shadows.news();
    lamp.writesReturn(new WriteResult.Done(MINUTE.multipliedBy(3)));
    bus.publish(delta("{\"power\":{\"mode\":\"full\"}}"));
    shadows.news();
    lamp.set("power.mode", "\"off\"");
    scheduler.advance(MINUTE.multipliedBy(2));
    assertThat(shadows.news()).isEmpty();
    scheduler.advance(MINUTE.multipliedBy(2));
    assertThat(shadows.news()).containsExactly("{\"power\":{\"mode\":\"off\"}}");
  }

  @Test
  void aReportOnAccountOfADeltaHasTheHopsOfTheDelta() {
    shadows.hops.clear();
    bus.publish(delta("{\"on\":true}").withHops(4));
    lamp.push(Reading.good("press", "5", Instant.EPOCH));
    assertThat(shadows.hops).startsWith(4).endsWith(0);
  }

  @Test
  void aDeltaThatIsNotJsonChangesNothing() {
    shadows.news();
    bus.publish(Message.internal(ACCOUNT, "shadow", new TopicName(DELTA), Payload.ofText("{"), 1));
    assertThat(lamp.writes()).isEmpty();
    assertThat(shadows.news()).isEmpty();
  }

  @Test
  void aDeltaWaitsWhileAnotherDeviceOccupiesTheLine() {
    scheduler.occupy("bus-1");
    bus.publish(delta("{\"on\":true}"));
    assertThat(lamp.writes()).isEmpty();
    scheduler.vacate("bus-1");
    assertThat(lamp.writes()).containsExactly("on=true");
  }

  @Test
  void valuesDesiredBeforeTheStartAreWritten() {
    things.unbindDriver(lamp);
    shadows.document =
        new ShadowResult.Accepted(
            "{\"state\":{\"delta\":{\"on\":true}}}".getBytes(StandardCharsets.UTF_8), 1);
    things.bindDriver(lamp);
    assertThat(lamp.writes()).containsExactly("on=true");
  }

  @Test
  void aChangeOfTheConnectionIsReportedAndShownInHealth() {
    shadows.news();
    assertThat(things.health().state()).isEqualTo(HealthCheck.State.UP);
    lamp.status(DeviceStatus.offline("no answer for 3 polls"));
    assertThat(shadows.news())
        .containsExactly(
            "{\"deviceStatus\":{\"detail\":\"no answer for 3 polls\",\"state\":\"OFFLINE\"}}");
    assertThat(things.health())
        .isEqualTo(
            new HealthCheck.Health(
                "device lamp", HealthCheck.State.DEGRADED, "OFFLINE: no answer for 3 polls"));
    lamp.status(DeviceStatus.ONLINE);
    assertThat(shadows.news())
        .containsExactly("{\"deviceStatus\":{\"detail\":null,\"state\":\"ONLINE\"}}");
  }

  @Test
  void aDriverThatLeavesIsReportedOfflineAndLeftAlone() {
    shadows.news();
    int reads = lamp.reads().size();
    things.unbindDriver(lamp);
    scheduler.advance(MINUTE);
    assertThat(shadows.news())
        .containsExactly(
            "{\"deviceStatus\":{\"detail\":\"its driver was removed\",\"state\":\"OFFLINE\"}}");
    assertThat(lamp.reads()).hasSize(reads);
    assertThat(lamp.isConnected()).isFalse();
    assertThat(bus.subscriptions()).isZero();
    assertThat(scheduler.handles("bus-1")).isZero();
    assertThat(things.health().message()).isEqualTo("no driver offers the device");
  }

  @Test
  void theSecondDriverOfADeviceServesWhenTheFirstLeaves() {
    DummyDevice second =
        new DummyDevice("lamp", "bus-2", List.of(Point.sensor("lux", "", "lx"))).set("lux", "7");
    things.bindDriver(second);
    assertThat(second.reads()).isEmpty();
    things.unbindDriver(lamp);
    assertThat(shadows.news()).contains("{\"lux\":7}");
  }

  @Test
  void otherDevicesAreLeftAlone() {
    DummyDevice pump = new DummyDevice("pump", "bus-2", List.of(Point.sensor("rpm", "", "")));
    things.bindDriver(pump);
    assertThat(pump.reads()).isEmpty();
  }

  @Test
  void collidingPointsAreRefusedByNameAndNothingIsPolled() {
    things.unbindDriver(lamp);
    DummyDevice odd =
        new DummyDevice(
            "lamp",
            "bus-3",
            List.of(Point.sensor("cpu", "", ""), Point.sensor("cpu.temperature", "", "")));
    things.bindDriver(odd);
    assertThat(things.health().message())
        .contains("the point 'cpu' is a value, so 'cpu.temperature' cannot be a member of it");
    assertThat(odd.reads()).isEmpty();
    assertThat(scheduler.handles("bus-3")).isZero();
  }

  @Test
  void pointsOfAnIntervalOfTheirOwnArePolledAtIt() {
    things.unbindDriver(lamp);
    DummyDevice meter =
        new DummyDevice(
            "lamp",
            "bus-3",
            List.of(
                Point.sensor("energy", "", "W.h"),
                new Point(
                    "power",
                    "",
                    "W",
                    Point.ValueType.NUMBER,
                    false,
                    Sampling.polled(Duration.ofSeconds(15)))));
    things.bindDriver(meter);
    scheduler.advance(MINUTE);
    assertThat(meter.reads()).filteredOn(Set.of("power")::equals).hasSize(5);
    assertThat(meter.reads()).filteredOn(Set.of("energy")::equals).hasSize(2);
  }

  @Test
  void anIdThatTheShadowCannotShowIsRefused() {
    assertThatThrownBy(() -> Point.sensor("a..b", "", "")).hasMessageContaining("'a..b'");
    assertThatThrownBy(() -> Point.sensor("a.b.c.d", "", "")).hasMessageContaining("1 to 3");
    assertThatThrownBy(() -> PointTree.check(List.of("deviceStatus.x")))
        .hasMessageContaining("'deviceStatus.x' is taken");
  }

  private static Reading unknown() {
    return Reading.good("never-heard-of", "1", Instant.EPOCH);
  }

  private static CompletableFuture<ShadowResult> accepted() {
    return CompletableFuture.completedFuture(new ShadowResult.Accepted(new byte[0], 1));
  }

  private static ThingsSettings settings() {
    return new ThingsSettings(
        "lamp", new ShadowName(ACCOUNT, "lamp1", ""), MINUTE, new BigDecimal("0.5"));
  }

  private static Message delta(String state) {
    return Message.internal(
        ACCOUNT, "shadow", new TopicName(DELTA), Payload.ofText("{\"state\":" + state + "}"), 1);
  }
}
