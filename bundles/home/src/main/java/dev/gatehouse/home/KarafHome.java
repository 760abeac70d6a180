package dev.gatehouse.home;

import dev.gatehouse.api.home.GatewayHome;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Karaf's base directory, which the launcher sets to the gateway's home. */
@Component
public final class KarafHome implements GatewayHome {
  private static final String PROPERTY = "karaf.base";

  private final Path path;

  /** Takes the home from the framework's property {@code karaf.base}. */
  @Activate
  public KarafHome(BundleContext context) {
    this(context.getProperty(PROPERTY));
  }

  KarafHome(@Nullable String base) {
    if (base == null || base.isBlank()) {
      throw new IllegalStateException(
          "the framework property %s is '%s'; it must be the gateway's home directory"
              .formatted(PROPERTY, base));
    }
    path = Path.of(base).toAbsolutePath().normalize();
  }

  @Override
  public Path path() {
    return path;
  }
}
