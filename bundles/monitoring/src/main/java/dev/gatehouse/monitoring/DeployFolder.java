package dev.gatehouse.monitoring;

import dev.gatehouse.api.home.GatewayHome;
import dev.gatehouse.api.telemetry.HealthCheck;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import org.apache.felix.fileinstall.ArtifactInstaller;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.propertytypes.ServiceRanking;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the files of {@code deploy/} that must not or cannot be installed, and tells of them by log
 * and health. Felix FileInstall would pass over unreadable files in silence. It would take a copy
 * of an installed bundle for an update of that bundle, and uninstall the bundle once the copy is
 * deleted.
 */
@Component(
    configurationPid = "dev.gatehouse.monitoring",
    immediate = true,
    service = {ArtifactInstaller.class, HealthCheck.class})
@ServiceRanking(100) // asked before FileInstall's own installers
public final class DeployFolder implements ArtifactInstaller, HealthCheck {
  private static final Logger LOG = LoggerFactory.getLogger(DeployFolder.class);

  private final BundleContext context;
  private final Path folder;
  private final Map<String, String> refused = new ConcurrentSkipListMap<>(); // reasons by file name

  /** For the folder of the settings. */
  @Activate
  public DeployFolder(BundleContext context, @Reference GatewayHome home, MonitoringConfig config) {
    this(context, home.resolve(config.deployDirectory()));
  }

  DeployFolder(BundleContext context, Path folder) {
    this.context = context;
    this.folder = folder.toAbsolutePath().normalize();
  }

  @Override
  public boolean canHandle(File file) {
    return isHere(file) && reason(file).isPresent();
  }

  private boolean isHere(File file) {
    String name = file.getName();
    return file.isFile()
        && folder.equals(file.toPath().toAbsolutePath().normalize().getParent())
        && !name.startsWith(".")
        && !name.endsWith(".cfg")
        && !name.endsWith(".config");
  }

  /** Why a file is not installed; empty if it is for another installer. */
  private Optional<String> reason(File file) {
    String name = file.getName();
    boolean jar = name.endsWith(".jar");
    if (!jar && !name.endsWith(".kar")) {
      return Optional.of("it is neither a .jar nor a .kar; add features with feature:repo-add");
    }
    Optional<String> symbolicName;
    try (JarFile archive = new JarFile(file)) {
      symbolicName = symbolicName(archive.getManifest());
    } catch (IOException e) {
      return Optional.of("it cannot be read as an archive: " + e.getMessage());
    }
    if (!jar) {
      return Optional.empty();
    }
    if (symbolicName.isEmpty()) {
      return Optional.of("it is no OSGi bundle: its manifest has no Bundle-SymbolicName");
    }
    return installedElsewhere(symbolicName.get(), name)
        .map(
            bundle ->
                "bundle %s %s is part of the gateway already; update it with bundle:update %d"
                    .formatted(
                        bundle.getSymbolicName(), bundle.getVersion(), bundle.getBundleId()));
  }

  private static Optional<String> symbolicName(@Nullable Manifest manifest) {
    return Optional.ofNullable(manifest)
        .map(present -> present.getMainAttributes().getValue(Constants.BUNDLE_SYMBOLICNAME))
        .map(value -> value.split(";", 2)[0].trim());
  }

  /** A bundle of this name that did not come from this file. */
  private Optional<Bundle> installedElsewhere(String symbolicName, String file) {
    String own = "/" + folder.getFileName() + "/" + file;
    return Arrays.stream(context.getBundles())
        .filter(bundle -> symbolicName.equals(bundle.getSymbolicName()))
        .filter(bundle -> !bundle.getLocation().endsWith(own))
        .findFirst();
  }

  @Override
  public void install(File file) {
    String reason = reason(file).orElse("it was changed while it was looked at; touch it");
    refused.put(file.getName(), reason);
    LOG.warn("event=deploy-refused file={} reason=\"{}\"", file.getName(), reason);
  }

  @Override
  public void update(File file) {
    install(file);
  }

  @Override
  public void uninstall(File file) {
    refused.remove(file.getName());
  }

  @Override
  public Health health() {
    String message =
        refused.entrySet().stream()
            .map(entry -> "deploy/" + entry.getKey() + " is not installed: " + entry.getValue())
            .collect(Collectors.joining("; "));
    return new Health("deploy", message.isEmpty() ? State.UP : State.DEGRADED, message);
  }
}
