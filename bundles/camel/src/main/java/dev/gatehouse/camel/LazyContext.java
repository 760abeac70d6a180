package dev.gatehouse.camel;

import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Component;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.jspecify.annotations.Nullable;

/**
 * One Camel context that begins with its first use, so that a bundle that is installed but not used
 * costs no memory. Safe for concurrent use.
 */
public final class LazyContext implements AutoCloseable {
  private static final long STOP_SECONDS = 5;

  private final String name;
  private final RoutesBuilder routes;
  private final Map<String, Component> components;
  private @Nullable CamelContext context; // guarded by this
  private boolean closed; // guarded by this

  /**
   * Prepares, starts nothing.
   *
   * @param name of the context, for logs and threads
   * @param components by scheme; those of this bundle are found without being named
   */
  public LazyContext(String name, RoutesBuilder routes, Map<String, Component> components) {
    this.name = name;
    this.routes = routes;
    this.components = Map.copyOf(components);
  }

  /**
   * The running context; starts it at the first call, which takes some 0.3 s.
   *
   * @throws IllegalStateException if this is closed, or the routes do not start; a later call tries
   *     again
   */
  public synchronized CamelContext context() {
    if (closed) {
      throw new IllegalStateException("the Camel context " + name + " is closed");
    }
    CamelContext running = context;
    if (running == null) {
      running = start();
      context = running;
    }
    return running;
  }

  /** Whether the context runs. */
  public synchronized boolean started() {
    return context != null;
  }

  /** Stops the context; exchanges under way get 5 s to end. */
  @Override
  public synchronized void close() {
    closed = true;
    CamelContext running = context;
    context = null;
    if (running != null) {
      running.stop();
    }
  }

  private CamelContext start() {
    DefaultCamelContext starting = new DefaultCamelContext(false);
    starting.disableJMX();
    starting.getCamelContextExtension().setName(name);
    // Camel finds its parts by resources of its own bundle, never by the caller's thread.
    starting.setApplicationContextClassLoader(LazyContext.class.getClassLoader());
    starting.getShutdownStrategy().setTimeout(STOP_SECONDS);
    starting.getShutdownStrategy().setShutdownNowOnTimeout(true);
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(LazyContext.class.getClassLoader());
    try {
      components.forEach(starting::addComponent);
      starting.addRoutes(routes);
      starting.start();
      return starting;
    } catch (Exception e) {
      starting.stop();
      throw new IllegalStateException("the Camel context " + name + " does not start", e);
    } finally {
      thread.setContextClassLoader(before);
    }
  }
}
