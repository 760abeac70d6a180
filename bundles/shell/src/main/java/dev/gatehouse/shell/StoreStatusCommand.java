package dev.gatehouse.shell;

import dev.gatehouse.api.store.Store;
import dev.gatehouse.api.store.StoreStatus;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.osgi.framework.BundleContext;

/** {@code gatehouse:store-status}. */
@Service
@Command(
    scope = "gatehouse",
    name = "store-status",
    description = "Shows what the store can do now, and what recovery found damaged.")
public final class StoreStatusCommand implements Action {
  @Reference BundleContext context;

  @Override
  public Object execute() {
    StoreStatus status =
        Services.one(context, Store.class)
            .orElseThrow(() -> new IllegalStateException("the store is not running"))
            .status();
    System.out.println("mode      " + status.mode());
    System.out.println("sequence  " + status.sequence());
    if (!status.reason().isEmpty()) {
      System.out.println("reason    " + status.reason());
    }
    status.damage().forEach(line -> System.out.println("damage    " + line));
    return "";
  }
}
