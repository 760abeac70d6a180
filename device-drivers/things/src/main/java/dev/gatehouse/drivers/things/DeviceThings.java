package dev.gatehouse.drivers.things;

import dev.gatehouse.api.device.DeviceDriver;
import dev.gatehouse.api.device.DeviceScheduler;
import dev.gatehouse.api.device.DeviceStatus;
import dev.gatehouse.api.identity.DefaultAccount;
import dev.gatehouse.api.message.Mailbox;
import dev.gatehouse.api.message.Message;
import dev.gatehouse.api.message.MessageBus;
import dev.gatehouse.api.message.TopicFilter;
import dev.gatehouse.api.shadow.ShadowService;
import dev.gatehouse.api.telemetry.HealthCheck;
import dev.gatehouse.json.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows one device as a thing; one instance for each configuration, none without. Of several
 * drivers with the same device id the first serves, and the next one when the first leaves.
 */
@Component(
    configurationPid = "dev.gatehouse.drivers.things",
    configurationPolicy = ConfigurationPolicy.REQUIRE,
    immediate = true,
    service = HealthCheck.class)
@Designate(ocd = ThingsConfig.class, factory = true)
public final class DeviceThings implements HealthCheck {
  private static final Logger LOG = LoggerFactory.getLogger(DeviceThings.class);
  private static final int WAITING_DELTAS = 16;

  private final MessageBus bus;
  private final ShadowService shadows;
  private final DeviceScheduler scheduler;
  private final ThingsSettings settings;
  private final List<DeviceDriver> drivers = new ArrayList<>(); // guarded by this
  private @Nullable Live live; // guarded by this
  private String fault = "no driver offers the device"; // while none is live; guarded by this

  /** Waits for the device's driver. */
  @Activate
  public DeviceThings(
      @Reference MessageBus bus,
      @Reference ShadowService shadows,
      @Reference DeviceScheduler scheduler,
      @Reference DefaultAccount account,
      ThingsConfig config) {
    this(bus, shadows, scheduler, ThingsSettings.of(account.account(), config));
  }

  DeviceThings(
      MessageBus bus, ShadowService shadows, DeviceScheduler scheduler, ThingsSettings settings) {
    this.bus = bus;
    this.shadows = shadows;
    this.scheduler = scheduler;
    this.settings = settings;
  }

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  synchronized void bindDriver(DeviceDriver driver) {
    if (driver.deviceId().equals(settings.deviceId())) {
      drivers.add(driver);
      beginIfNone();
    }
  }

  synchronized void unbindDriver(DeviceDriver driver) {
    drivers.remove(driver);
    if (live != null && live.driver == driver) {
      fault = "no driver offers the device";
      live.end();
      live.thing.remove("its driver was removed");
      live = null;
      beginIfNone();
    }
  }

  /** Ends the readings. */
  @Deactivate
  synchronized void deactivate() {
    if (live != null) {
      live.end();
      live = null;
    }
  }

  @Override
  public synchronized Health health() {
    String component = "device " + settings.deviceId();
    if (live == null) {
      return new Health(component, State.DEGRADED, fault);
    }
    DeviceStatus status = live.thing.status();
    return status.state() == DeviceStatus.State.ONLINE
        ? new Health(component, State.UP, "")
        : new Health(component, State.DEGRADED, status.state() + ": " + status.detail());
  }

  private void beginIfNone() {
    if (live != null || drivers.isEmpty()) {
      return;
    }
    DeviceDriver driver = drivers.get(0);
    var line = scheduler.line(driver.lineId());
    try {
      DeviceThing thing =
          new DeviceThing(
              settings,
              driver,
              (document, hops) -> shadows.update(settings.shadow(), document, hops),
              line);
      live = new Live(driver, thing, subscribe(thing));
      thing.start();
      shadows.get(settings.shadow()).thenAccept(thing::writeDelta);
    } catch (RuntimeException e) {
      line.close();
      fault = e.toString();
      LOG.error("event=device-not-mapped {} reason={}", settings.name(), e.toString());
    }
  }

  private MessageBus.Subscription subscribe(DeviceThing thing) {
    String topic = "$aws/things/" + settings.shadow().thingName() + "/shadow/update/delta";
    return bus.subscribe(
        settings.shadow().account(),
        new TopicFilter(topic),
        new Mailbox(
            "drivers-things-" + settings.deviceId(),
            WAITING_DELTAS,
            Mailbox.Overflow.DROP_OLDEST,
            false),
        delta -> write(thing, delta));
  }

  private CompletionStage<?> write(DeviceThing thing, Message delta) {
    try {
      boolean queued = thing.write(Json.parse(delta.payload().bytes()).path("state"), delta.hops());
      return queued
          ? CompletableFuture.completedFuture(null)
          : CompletableFuture.failedFuture(
              new RejectedExecutionException("the line of " + settings.name() + " is busy"));
    } catch (IOException e) {
      LOG.warn("event=delta-unreadable {} reason={}", settings.name(), e.toString());
      return CompletableFuture.completedFuture(null);
    }
  }

  /** A device that is mapped. */
  private record Live(
      DeviceDriver driver, DeviceThing thing, MessageBus.Subscription subscription) {
    void end() {
      subscription.close();
      thing.close();
    }
  }
}
