package dev.gatehouse.shell;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;

/** The services that are there at the moment of a command: a command outlives no bundle's stop. */
final class Services {
  private Services() {}

  static <T> List<T> all(BundleContext context, Class<T> type) {
    List<T> found = new ArrayList<>();
    try {
      for (ServiceReference<T> reference : context.getServiceReferences(type, null)) {
        @Nullable T service = context.getService(reference);
        if (service != null) {
          found.add(service);
        }
      }
    } catch (InvalidSyntaxException e) {
      throw new IllegalStateException("no filter was given", e);
    }
    return found;
  }

  static <T> Optional<T> one(BundleContext context, Class<T> type) {
    @Nullable ServiceReference<T> reference = context.getServiceReference(type);
    return reference == null
        ? Optional.empty()
        : Optional.ofNullable(context.getService(reference));
  }
}
