package dev.gatehouse.monitoring;

import dev.gatehouse.api.identity.DefaultAccount;
import dev.gatehouse.api.message.Message;
import dev.gatehouse.api.message.MessageBus;
import dev.gatehouse.api.message.Payload;
import dev.gatehouse.api.message.TopicName;
import dev.gatehouse.api.telemetry.Metric;
import dev.gatehouse.api.telemetry.MetricSource;
import java.math.BigDecimal;
import java.time.Clock;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
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
 * Publishes metrics on {@code $SYS/gatehouse/…}, for operators with an MQTT client. There is none
 * of it, and nothing that costs anything, until its configuration exists.
 */
@Component(
    configurationPid = "dev.gatehouse.monitoring.topics",
    configurationPolicy = ConfigurationPolicy.REQUIRE,
    immediate = true,
    service = {})
@Designate(ocd = StatusTopicsConfig.class)
public final class StatusTopics {
  private static final Logger LOG = LoggerFactory.getLogger(StatusTopics.class);
  private static final String ROOT = "$SYS/gatehouse/";

  private final MessageBus bus;
  private final DefaultAccount account;
  private final Clock clock;
  private final List<MetricSource> sources = new CopyOnWriteArrayList<>();
  private final ScheduledExecutorService timer;

  /** Publishes from now on. */
  @Activate
  public StatusTopics(
      @Reference MessageBus bus, @Reference DefaultAccount account, StatusTopicsConfig config) {
    this(bus, account, StatusTopicsSettings.of(config));
  }

  private StatusTopics(MessageBus bus, DefaultAccount account, StatusTopicsSettings settings) {
    this(bus, account, Clock.systemUTC());
    timer.scheduleWithFixedDelay(
        this::publish, 0, settings.interval().toSeconds(), TimeUnit.SECONDS);
  }

  StatusTopics(MessageBus bus, DefaultAccount account, Clock clock) {
    this.bus = bus;
    this.account = account;
    this.clock = clock;
    timer =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "gatehouse-monitoring-topics");
              thread.setDaemon(true);
              return thread;
            });
  }

  @Deactivate
  void deactivate() {
    timer.shutdownNow();
  }

  @Reference(
      policy = ReferencePolicy.DYNAMIC,
      cardinality = ReferenceCardinality.MULTIPLE,
      unbind = "removeSource")
  void addSource(MetricSource source) {
    sources.add(source);
  }

  void removeSource(MetricSource source) {
    sources.remove(source);
  }

  void publish() {
    for (MetricSource source : sources) {
      try {
        source.metrics().forEach(this::publish);
      } catch (RuntimeException e) {
        LOG.warn("event=metrics-not-published source={}", source.getClass().getName(), e);
      }
    }
  }

  private void publish(Metric metric) {
    StringBuilder topic = new StringBuilder(ROOT).append(metric.name());
    new TreeMap<>(metric.labels())
        .forEach((name, value) -> topic.append('/').append(name).append('=').append(value));
    String text =
        new BigDecimal(Double.toString(metric.value())).stripTrailingZeros().toPlainString();
    bus.publish(
        Message.internal(
            account.account(),
            "monitoring",
            new TopicName(topic.toString()),
            Payload.ofText(text),
            clock.millis()));
  }
}
