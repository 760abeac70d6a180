package dev.gatehouse.drivers.things;

import dev.gatehouse.api.device.DeviceDriver;
import dev.gatehouse.api.identity.DefaultAccount;
import dev.gatehouse.api.message.Mailbox;
import dev.gatehouse.api.message.Message;
import dev.gatehouse.api.message.MessageBus;
import dev.gatehouse.api.message.TopicFilter;
import dev.gatehouse.api.shadow.ShadowService;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.annotations.Designate;

/** Shows one device as a thing; one instance for each configuration, none without. */
@Component(
    configurationPid = "dev.gatehouse.drivers.things",
    configurationPolicy = ConfigurationPolicy.REQUIRE,
    immediate = true,
    service = {})
@Designate(ocd = ThingsConfig.class, factory = true)
public final class DeviceThings {
  private static final int WAITING_DELTAS = 16;
  private static final long STOP_SECONDS = 5;

  private final MessageBus bus;
  private final ShadowService shadows;
  private final ThingsSettings settings;
  private final ScheduledThreadPoolExecutor executor;
  private final Map<DeviceDriver, Live> live = new HashMap<>(); // guarded by this

  /** Waits for the device's driver. */
  @Activate
  public DeviceThings(
      @Reference MessageBus bus,
      @Reference ShadowService shadows,
      @Reference DefaultAccount account,
      ThingsConfig config) {
    this(bus, shadows, ThingsSettings.of(account.account(), config));
  }

  DeviceThings(MessageBus bus, ShadowService shadows, ThingsSettings settings) {
    this.bus = bus;
    this.shadows = shadows;
    this.settings = settings;
    String name = "gatehouse-drivers-things-" + settings.deviceId();
    this.executor = new ScheduledThreadPoolExecutor(1, task -> new Thread(task, name));
    executor.setRemoveOnCancelPolicy(true);
  }

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  synchronized void bindDriver(DeviceDriver driver) {
    if (driver.deviceId().equals(settings.deviceId()) && live.isEmpty()) {
      live.put(driver, begin(driver));
    }
  }

  synchronized void unbindDriver(DeviceDriver driver) {
    Live ended = live.remove(driver);
    if (ended != null) {
      ended.close();
    }
  }

  /** Ends the readings; one that is under way gets 5 s. */
  @Deactivate
  void deactivate() throws InterruptedException {
    synchronized (this) {
      live.values().forEach(Live::close);
      live.clear();
    }
    executor.shutdown();
    if (!executor.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
      executor.shutdownNow();
    }
  }

  private Live begin(DeviceDriver driver) {
    DeviceThing thing = new DeviceThing(settings, driver, shadows, executor);
    String topic = "$aws/things/" + settings.shadow().thingName() + "/shadow/update/delta";
    MessageBus.Subscription subscription =
        bus.subscribe(
            settings.shadow().account(),
            new TopicFilter(topic),
            new Mailbox(
                "drivers-things-" + settings.deviceId(),
                WAITING_DELTAS,
                Mailbox.Overflow.DROP_OLDEST,
                false),
            delta -> wanted(thing, delta));
    var readings =
        executor.scheduleWithFixedDelay(
            thing::report, 0, settings.interval().toMillis(), TimeUnit.MILLISECONDS);
    return () -> {
      readings.cancel(false);
      subscription.close();
    };
  }

  private CompletionStage<?> wanted(DeviceThing thing, Message delta) {
    if (executor.getQueue().size() > WAITING_DELTAS) {
      return CompletableFuture.failedFuture(
          new RejectedExecutionException("device " + settings.deviceId() + " is too slow"));
    }
    try {
      return CompletableFuture.runAsync(() -> thing.write(delta), executor);
    } catch (RejectedExecutionException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** A device under way. */
  private interface Live extends AutoCloseable {
    @Override
    void close();
  }
}
