package dev.gatehouse.monitoring;

import java.util.Arrays;
import java.util.List;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;

/** Which bundles of the framework do not do their work. */
final class BundleStates {
  private BundleStates() {}

  static List<GatewayStatus.InactiveBundle> notActive(BundleContext context) {
    return Arrays.stream(context.getBundles())
        .filter(bundle -> !works(bundle))
        .map(
            bundle ->
                new GatewayStatus.InactiveBundle(
                    bundle.getBundleId(), String.valueOf(bundle.getSymbolicName()), name(bundle)))
        .toList();
  }

  private static boolean works(Bundle bundle) {
    if (bundle.getState() == Bundle.ACTIVE) {
      return true;
    }
    boolean fragment = bundle.getHeaders().get(Constants.FRAGMENT_HOST) != null;
    boolean lazy = bundle.getHeaders().get(Constants.BUNDLE_ACTIVATIONPOLICY) != null;
    // A fragment has nothing to start, and a native one for another processor stays installed.
    return fragment || (lazy && bundle.getState() == Bundle.STARTING);
  }

  private static String name(Bundle bundle) {
    return switch (bundle.getState()) {
      case Bundle.INSTALLED -> "INSTALLED";
      case Bundle.RESOLVED -> "RESOLVED";
      case Bundle.STARTING -> "STARTING";
      case Bundle.STOPPING -> "STOPPING";
      default -> "UNINSTALLED";
    };
  }
}
