package dev.gatehouse.monitoring;

import dev.gatehouse.api.telemetry.HealthCheck;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Collectors;
import org.apache.karaf.features.BootFinished;
import org.apache.karaf.features.BundleInfo;
import org.apache.karaf.features.Feature;
import org.apache.karaf.features.FeaturesService;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks once after each start whether the bundles of the gateway's features are there, and installs
 * those that are missing. Karaf does not: it calls a feature started even if one of its bundles was
 * uninstalled.
 */
@Component(immediate = true, service = HealthCheck.class)
public final class InstalledFeatures implements HealthCheck {
  private static final Logger LOG = LoggerFactory.getLogger(InstalledFeatures.class);

  private static final String OWN = "gatehouse";

  private final BundleContext context;
  private final Map<String, String> missing = new ConcurrentSkipListMap<>(); // reasons by location
  private @Nullable FeaturesService features; // guarded by this
  private boolean booted; // guarded by this
  private boolean checked; // guarded by this

  /** Waits for Karaf's end of booting. */
  @Activate
  public InstalledFeatures(BundleContext context) {
    this.context = context;
  }

  @Reference(
      policy = ReferencePolicy.DYNAMIC,
      cardinality = ReferenceCardinality.OPTIONAL,
      unbind = "removeFeatures")
  synchronized void addFeatures(FeaturesService service) {
    features = service;
    check();
  }

  synchronized void removeFeatures(FeaturesService service) {
    features = null;
  }

  @Reference(
      policy = ReferencePolicy.DYNAMIC,
      cardinality = ReferenceCardinality.OPTIONAL,
      unbind = "removeBootFinished")
  synchronized void addBootFinished(BootFinished finished) {
    booted = true;
    check();
  }

  void removeBootFinished(BootFinished finished) {
    LOG.debug("event=boot-finished-withdrawn");
  }

  private void check() { // holds this
    FeaturesService service = features;
    if (service == null || !booted || checked) {
      return;
    }
    checked = true;
    try {
      check(service.listInstalledFeatures());
    } catch (Exception e) { // the service declares no narrower one
      LOG.warn("event=features-not-checked reason=\"{}\"", e.toString());
    }
  }

  /** Installs and starts what is missing of features. */
  void check(Feature[] installed) {
    Set<String> present =
        Arrays.stream(context.getBundles()).map(Bundle::getLocation).collect(Collectors.toSet());
    for (Feature feature : installed) {
      // Those of the framework were there before it could read features, perhaps by other
      // locations.
      if (!feature.getName().startsWith(OWN)) {
        continue;
      }
      for (BundleInfo bundle : feature.getBundles()) {
        if (!bundle.isBlacklisted() && present.add(bundle.getLocation())) {
          restore(feature, bundle);
        }
      }
    }
  }

  private void restore(Feature feature, BundleInfo info) {
    String location = info.getLocation();
    try {
      Bundle bundle = context.installBundle(location);
      if (info.getStartLevel() > 0) {
        bundle.adapt(BundleStartLevel.class).setStartLevel(info.getStartLevel());
      }
      if (info.isStart() && bundle.getHeaders().get("Fragment-Host") == null) {
        bundle.start();
      }
      LOG.warn("event=bundle-restored feature={} location={}", feature.getName(), location);
    } catch (BundleException e) {
      missing.put(location, String.valueOf(e.getMessage()));
      LOG.error(
          "event=bundle-missing feature={} location={} reason=\"{}\"",
          feature.getName(),
          location,
          e.toString());
    }
  }

  @Override
  public Health health() {
    String message =
        missing.entrySet().stream()
            .map(
                entry ->
                    entry.getKey() + " is missing and cannot be installed: " + entry.getValue())
            .collect(Collectors.joining("; "));
    return new Health("features", message.isEmpty() ? State.UP : State.DEGRADED, message);
  }
}
