package dev.gatehouse.shell;

import dev.gatehouse.api.telemetry.Metric;
import dev.gatehouse.api.telemetry.MetricSource;
import java.util.Comparator;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.osgi.framework.BundleContext;

/** {@code gatehouse:metrics}. */
@Service
@Command(scope = "gatehouse", name = "metrics", description = "Shows what components count.")
public final class MetricsCommand implements Action {
  @Argument(name = "prefix", description = "Only metrics whose names begin so, such as store_.")
  String prefix = "";

  @Reference BundleContext context;

  @Override
  public Object execute() {
    Services.all(context, MetricSource.class).stream()
        .flatMap(source -> source.metrics().stream())
        .filter(metric -> metric.name().startsWith(prefix))
        .map(MetricsCommand::line)
        .sorted(Comparator.naturalOrder())
        .forEach(System.out::println);
    return "";
  }

  /** In the form of the Prometheus text format. */
  static String line(Metric metric) {
    StringBuilder line = new StringBuilder(metric.name());
    if (!metric.labels().isEmpty()) {
      line.append('{');
      metric.labels().entrySet().stream()
          .sorted(java.util.Map.Entry.comparingByKey())
          .forEach(
              label ->
                  line.append(line.charAt(line.length() - 1) == '{' ? "" : ",")
                      .append(label.getKey())
                      .append("=\"")
                      .append(label.getValue().replace("\\", "\\\\").replace("\"", "\\\""))
                      .append('"'));
      line.append('}');
    }
    double value = metric.value();
    boolean whole = value == Math.rint(value) && Math.abs(value) < 1e15;
    return line.append(' ')
        .append(whole ? Long.toString((long) value) : Double.toString(value))
        .toString();
  }
}
