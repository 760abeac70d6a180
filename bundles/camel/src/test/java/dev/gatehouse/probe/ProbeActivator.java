package dev.gatehouse.probe;

import dev.gatehouse.camel.LazyContext;
import java.util.Map;
import org.apache.camel.builder.RouteBuilder;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Runs a route from within a bundle of its own, as actions do. */
public final class ProbeActivator implements BundleActivator {
  public static final String DIRECTORY = "probe.directory";

  @Override
  public void start(BundleContext context) {
    String directory = context.getProperty(DIRECTORY);
    RouteBuilder routes =
        new RouteBuilder() {
          @Override
          public void configure() {
            from("direct:in")
                .setBody(simple("${body} from ${header.place}"))
                .log("size=${body.length}")
                .to("seda:relay?waitForTaskToComplete=Always");
            from("seda:relay").to("file:" + directory + "?fileName=${header.name}");
          }
        };
    try (LazyContext camel = new LazyContext("probe", routes, Map.of())) {
      camel
          .context()
          .createProducerTemplate()
          .requestBodyAndHeaders("direct:in", "hello", Map.of("place", "osgi", "name", "out.txt"));
    }
  }

  @Override
  public void stop(BundleContext context) {
    // The context ended with the start.
  }
}
