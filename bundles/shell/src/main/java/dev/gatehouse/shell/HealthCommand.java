package dev.gatehouse.shell;

import dev.gatehouse.api.telemetry.HealthCheck;
import dev.gatehouse.api.telemetry.HealthCheck.Health;
import java.util.Comparator;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.table.ShellTable;
import org.osgi.framework.BundleContext;

/** {@code gatehouse:health}. */
@Service
@Command(scope = "gatehouse", name = "health", description = "Shows how each component is.")
public final class HealthCommand implements Action {
  @Reference BundleContext context;

  @Override
  public Object execute() {
    ShellTable table = new ShellTable();
    table.column("Component");
    table.column("State");
    table.column("Message");
    Services.all(context, HealthCheck.class).stream()
        .map(HealthCheck::health)
        .sorted(Comparator.comparing(Health::component))
        .forEach(
            health ->
                table.addRow().addContent(health.component(), health.state(), health.message()));
    table.emptyTableText("No component reports its health.").print(System.out);
    return "";
  }
}
