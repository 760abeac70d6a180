package dev.gatehouse.monitoring;

import dev.gatehouse.api.home.GatewayHome;
import dev.gatehouse.api.telemetry.Endpoint;
import dev.gatehouse.api.telemetry.HealthCheck;
import java.io.IOException;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleListener;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps {@code status.json} true, which the launcher and operators read. */
@Component(
    configurationPid = "dev.gatehouse.monitoring",
    immediate = true,
    service = {})
@Designate(ocd = MonitoringConfig.class)
public final class Monitoring {
  private static final Logger LOG = LoggerFactory.getLogger(Monitoring.class);
  private static final long SETTLE_MILLIS = 100;
  private static final long TIDY_SECONDS = 20;

  private final BundleContext context;
  private final MonitoringSettings settings;
  private final StatusFile file;
  private final List<Endpoint> endpoints = new CopyOnWriteArrayList<>();
  private final List<HealthCheck> healthChecks = new CopyOnWriteArrayList<>();
  private final AtomicBoolean due = new AtomicBoolean();
  private final BundleListener listener = event -> changed();
  private final ScheduledExecutorService timer;
  private boolean wasReady; // only on the timer's thread
  private boolean failing; // only on the timer's thread
  private boolean tidied; // only on the timer's thread

  /** Writes the first status. */
  @Activate
  public Monitoring(BundleContext context, @Reference GatewayHome home, MonitoringConfig config)
      throws IOException {
    this.context = context;
    this.settings = MonitoringSettings.of(config, home);
    this.file = new StatusFile(settings.directory());
    this.timer =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "gatehouse-monitoring-status");
              thread.setDaemon(true);
              return thread;
            });
    tellRestarts(context);
    context.addBundleListener(listener);
    long seconds = settings.healthInterval().toSeconds();
    timer.scheduleWithFixedDelay(this::changed, 0, seconds, TimeUnit.SECONDS);
  }

  /** The launcher starts the gateway again after an end that nobody asked for. */
  private static void tellRestarts(BundleContext context) {
    @Nullable String lastEnd = context.getProperty("gatehouse.lastEnd");
    if (lastEnd != null && !lastEnd.isEmpty()) {
      LOG.warn(
          "event=gateway-restarted restarts={} last-end=\"{}\"",
          context.getProperty("gatehouse.restarts"),
          lastEnd);
    }
  }

  /** Removes the file: who is not running has no status. */
  @Deactivate
  void deactivate() throws IOException {
    context.removeBundleListener(listener);
    timer.shutdownNow();
    file.delete();
  }

  @Reference(
      policy = ReferencePolicy.DYNAMIC,
      cardinality = ReferenceCardinality.MULTIPLE,
      unbind = "removeEndpoint")
  void addEndpoint(Endpoint endpoint) {
    endpoints.add(endpoint);
    changed();
  }

  void removeEndpoint(Endpoint endpoint) {
    endpoints.remove(endpoint);
    changed();
  }

  @Reference(
      policy = ReferencePolicy.DYNAMIC,
      cardinality = ReferenceCardinality.MULTIPLE,
      unbind = "removeHealthCheck")
  void addHealthCheck(HealthCheck check) {
    healthChecks.add(check);
    changed();
  }

  void removeHealthCheck(HealthCheck check) {
    healthChecks.remove(check);
    changed();
  }

  private void changed() {
    if (due.compareAndSet(false, true)) {
      try {
        timer.schedule(this::refresh, SETTLE_MILLIS, TimeUnit.MILLISECONDS);
      } catch (RejectedExecutionException stopped) {
        LOG.debug("event=status-not-refreshed reason=stopping");
      }
    }
  }

  private void refresh() {
    due.set(false);
    GatewayStatus status = status();
    try {
      file.write(status);
      failing = false;
    } catch (IOException e) {
      if (!failing) {
        LOG.warn("event=status-file-failed reason=\"{}\"", e.toString());
      }
      failing = true;
    }
    if (status.ready() != wasReady) {
      wasReady = status.ready();
      LOG.info("event=gateway-ready ready={} endpoints={}", wasReady, status.endpoints());
      tidyLater();
    }
  }

  /** Resolving and starting bundles leaves garbage that on a small board is worth giving back. */
  private void tidyLater() {
    if (!tidied) {
      tidied = true;
      timer.schedule(Monitoring::tidy, TIDY_SECONDS, TimeUnit.SECONDS);
    }
  }

  // A collection judges the age of soft references (the framework keeps every jar's list of entries
  // by them) by the time of the collection before it: it takes two to let go of them.
  private static void tidy() {
    System.gc();
    System.gc();
  }

  private GatewayStatus status() {
    TreeMap<String, Integer> ports = new TreeMap<>();
    endpoints.forEach(endpoint -> ports.put(endpoint.name(), endpoint.port()));
    return new GatewayStatus(
        ProcessHandle.current().pid(),
        version(),
        ports.keySet().containsAll(settings.requiredEndpoints()),
        ports,
        BundleStates.notActive(context),
        healthChecks.stream()
            .map(HealthCheck::health)
            .filter(health -> health.state() != HealthCheck.State.UP)
            .toList());
  }

  private String version() {
    @Nullable String product = context.getProperty("gatehouse.version");
    return product == null ? context.getBundle().getVersion().toString() : product;
  }
}
