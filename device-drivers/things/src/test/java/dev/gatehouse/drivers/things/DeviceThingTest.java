package dev.gatehouse.drivers.things;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.api.device.DeviceDriver;
import dev.gatehouse.api.device.Point;
import dev.gatehouse.api.device.Reading;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.message.Message;
import dev.gatehouse.api.message.Payload;
import dev.gatehouse.api.message.TopicName;
import dev.gatehouse.api.shadow.ShadowName;
import dev.gatehouse.api.shadow.ShadowResult;
import dev.gatehouse.api.shadow.ShadowService;
import dev.gatehouse.testkit.InMemoryBus;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class DeviceThingTest {
  private static final Account ACCOUNT = new Account("000000000000", "us-east-1");
  private static final String DELTA = "$aws/things/lamp1/shadow/update/delta";

  private final Lamp lamp = new Lamp();
  private final Shadows shadows = new Shadows();
  private final DeviceThing thing = new DeviceThing(settings(0.5), lamp, shadows, Runnable::run);

  @Test
  void onlyWhatChangedIsReported() {
    thing.report();
    thing.report();
    lamp.values.put("on", "true");
    thing.report();
    assertThat(shadows.updates)
        .containsExactly(
            "{\"state\":{\"reported\":{\"on\":false,\"watts\":10.0}}}",
            "{\"state\":{\"reported\":{\"on\":true}}}");
  }

  @Test
  void aNumberWithinTheDeadbandIsNoNews() {
    thing.report();
    lamp.values.put("watts", "10.4");
    thing.report();
    lamp.values.put("watts", "10.8");
    thing.report();
    assertThat(shadows.updates).hasSize(2);
    assertThat(shadows.updates.get(1)).isEqualTo("{\"state\":{\"reported\":{\"watts\":10.8}}}");
  }

  @Test
  void whatTheShadowRefusedIsReportedAgain() {
    shadows.result = new ShadowResult.Rejected(429, "too many");
    thing.report();
    shadows.result = new ShadowResult.Accepted(new byte[0], 1);
    thing.report();
    thing.report();
    assertThat(shadows.updates).hasSize(2);
    assertThat(shadows.updates.get(1)).isEqualTo(shadows.updates.get(0));
  }

  @Test
  void aPointThatWentBadIsTakenOutOfTheShadow() {
    thing.report();
    lamp.values.put("watts", "null");
    thing.report();
    assertThat(shadows.updates.get(1)).isEqualTo("{\"state\":{\"reported\":{\"watts\":null}}}");
  }

  @Test
  void whatIsDesiredOfWritablePointsIsWrittenAndReported() {
    thing.write(delta("{\"state\":{\"on\":true,\"watts\":5,\"other\":{\"x\":1}}}"));
    assertThat(lamp.values).containsEntry("on", "true").containsEntry("watts", "10.0");
    assertThat(shadows.updates).hasSize(1);
  }

  @Test
  void aReportOnAccountOfADeltaCameThroughAsManyRules() {
    thing.report();
    thing.write(delta("{\"state\":{\"on\":true}}").withHops(4));
    lamp.values.put("watts", "20.0");
    thing.report();
    assertThat(shadows.hops).containsExactly(0, 4, 0);
  }

  @Test
  void aDeltaThatIsNotJsonChangesNothing() {
    thing.write(delta("{"));
    assertThat(lamp.values).containsEntry("on", "false");
    assertThat(shadows.updates).isEmpty();
  }

  @Test
  void aBoundDriverIsReadAndWrittenUntilItLeaves() throws InterruptedException {
    InMemoryBus bus = new InMemoryBus();
    DeviceThings things = new DeviceThings(bus, shadows, settings(0));
    things.bindDriver(lamp);
    assertThat(shadows.seen.poll(10, TimeUnit.SECONDS)).contains("\"on\":false");
    bus.publish(delta("{\"state\":{\"on\":true}}"));
    assertThat(shadows.seen.poll(10, TimeUnit.SECONDS)).contains("\"on\":true");
    things.unbindDriver(lamp);
    assertThat(bus.subscriptions()).isZero();
    things.deactivate();
  }

  @Test
  void otherDevicesAreLeftAlone() throws InterruptedException {
    InMemoryBus bus = new InMemoryBus();
    ThingsSettings other =
        new ThingsSettings("pump", settings(0).shadow(), Duration.ofSeconds(1), 0);
    DeviceThings things = new DeviceThings(bus, shadows, other);
    things.bindDriver(lamp);
    assertThat(bus.subscriptions()).isZero();
    things.deactivate();
    assertThat(shadows.updates).isEmpty();
  }

  @Test
  void defaultsAreAsDocumented() throws NoSuchMethodException {
    Class<?> config = ThingsConfig.class;
    assertThat(config.getDeclaredMethod("intervalSeconds").getDefaultValue()).isEqualTo(60);
    assertThat(config.getDeclaredMethod("deadband").getDefaultValue()).isEqualTo(0.0);
    assertThatThrownBy(() -> new ShadowName(ACCOUNT, "a b", "")).hasMessageContaining("a b");
  }

  private static ThingsSettings settings(double deadband) {
    return new ThingsSettings(
        "lamp", new ShadowName(ACCOUNT, "lamp1", ""), Duration.ofHours(1), deadband);
  }

  private static Message delta(String json) {
    return Message.internal(ACCOUNT, "shadow", new TopicName(DELTA), Payload.ofText(json), 1);
  }

  private static final class Lamp implements DeviceDriver {
    final Map<String, String> values = new TreeMap<>(Map.of("on", "false", "watts", "10.0"));

    @Override
    public String deviceId() {
      return "lamp";
    }

    @Override
    public List<Point> points() {
      return List.of(new Point("on", "", "", true), new Point("watts", "", "W", false));
    }

    @Override
    public List<Reading> read() {
      return values.entrySet().stream()
          .map(
              it ->
                  new Reading(
                      it.getKey(),
                      it.getValue(),
                      it.getValue().equals("null") ? Reading.Quality.BAD : Reading.Quality.GOOD,
                      1))
          .toList();
    }

    @Override
    public void write(String pointId, String value) {
      values.put(pointId, value);
    }
  }

  private static final class Shadows implements ShadowService {
    final List<String> updates = new ArrayList<>();
    final List<Integer> hops = new ArrayList<>();
    final LinkedBlockingQueue<String> seen = new LinkedBlockingQueue<>();
    ShadowResult result = new ShadowResult.Accepted(new byte[0], 1);

    @Override
    public CompletionStage<ShadowResult> update(ShadowName name, byte[] request, int hops) {
      this.hops.add(hops);
      updates.add(new String(request, StandardCharsets.UTF_8));
      seen.add(updates.get(updates.size() - 1));
      return CompletableFuture.completedFuture(result);
    }

    @Override
    public CompletionStage<ShadowResult> get(ShadowName name) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<ShadowResult> delete(ShadowName name) {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<String> names(Account account, String thingName, String from, int limit) {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<String> things(Account account, String from, int limit) {
      throw new UnsupportedOperationException();
    }
  }
}
