package dev.gatehouse.http;

import dev.gatehouse.api.audit.AuditTrail;
import dev.gatehouse.api.http.ApiModule;
import dev.gatehouse.api.identity.Authenticator;
import dev.gatehouse.api.identity.Authorizer;
import dev.gatehouse.api.identity.DefaultAccount;
import dev.gatehouse.api.identity.SigningKeys;
import dev.gatehouse.api.identity.TlsIdentity;
import dev.gatehouse.api.memory.MemoryBudget;
import dev.gatehouse.api.message.MessageBus;
import dev.gatehouse.api.message.PublishLimits;
import dev.gatehouse.api.telemetry.Endpoint;
import dev.gatehouse.api.telemetry.HealthCheck;
import dev.gatehouse.api.telemetry.Metric;
import dev.gatehouse.api.telemetry.MetricSource;
import dev.gatehouse.edge.Descriptors;
import dev.gatehouse.edge.StreamProtocol;
import dev.gatehouse.http.sigv4.SignatureVerifier;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTPS edge: serves the operations of every module that is there. */
@Component(
    configurationPid = "dev.gatehouse.http",
    immediate = true,
    service = {Endpoint.class, MetricSource.class, HealthCheck.class})
@Designate(ocd = HttpConfig.class)
public final class HttpEdge implements Endpoint, MetricSource, HealthCheck {
  private static final Logger LOG = LoggerFactory.getLogger(HttpEdge.class);
  private static final int WAITING_CALLS = 1000;

  private final Modules modules = new Modules();
  private final Streams streams = new Streams();
  private volatile @Nullable PublishLimits publishLimits;
  private final Audit audit;
  private final CallHandler calls;
  private final RequestMemory memory;
  private final ThreadPoolExecutor workers;
  private final HttpServer server;

  /** Listens. */
  @Activate
  public HttpEdge(
      @Reference TlsIdentity tls,
      @Reference Authenticator authenticator,
      @Reference Authorizer authorizer,
      @Reference SigningKeys keys,
      @Reference DefaultAccount account,
      @Reference MessageBus bus,
      @Reference MemoryBudget budget,
      HttpConfig config)
      throws SSLException {
    this(
        tls,
        authenticator,
        authorizer,
        keys,
        account,
        bus,
        budget,
        HttpSettings.of(config, Descriptors.ofProcess()),
        Clock.systemUTC());
  }

  HttpEdge(
      TlsIdentity tls,
      Authenticator authenticator,
      Authorizer authorizer,
      SigningKeys keys,
      DefaultAccount account,
      MessageBus bus,
      MemoryBudget budget,
      HttpSettings settings,
      Clock clock)
      throws SSLException {
    audit = new Audit(clock);
    calls =
        new CallHandler(
            modules,
            new SignatureVerifier(keys, clock, name -> modules.services().regional(name)),
            authenticator,
            authorizer,
            new Throttle(settings.limits(), System::nanoTime),
            audit,
            account.account(),
            settings.endpointHost(),
            clock);
    memory = new RequestMemory(budget);
    workers = workers(settings.workers());
    try {
      server = new HttpServer(settings, tls, new HttpServices(calls, workers, streams, memory));
    } catch (SSLException | RuntimeException e) {
      workers.shutdownNow();
      memory.close();
      LOG.error(
          "event=listen-failed pid=dev.gatehouse.http port={} reason=\"{}\"",
          settings.port(),
          e.toString());
      throw e;
    }
    String endpoint =
        server.port() == 443
            ? settings.endpointHost()
            : settings.endpointHost() + ":" + server.port();
    modules.add(new OwnOperations(bus, authorizer, endpoint, () -> publishLimits));
    LOG.info("event=listening endpoint=https port={}", server.port());
  }

  private static ThreadPoolExecutor workers(int count) {
    AtomicInteger number = new AtomicInteger();
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            count,
            count,
            30,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(WAITING_CALLS),
            task -> {
              Thread thread = new Thread(task, "gatehouse-http-worker-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  @Deactivate
  void deactivate() {
    server.close();
    workers.shutdownNow();
    memory.close();
  }

  @Reference(
      policy = ReferencePolicy.DYNAMIC,
      cardinality = ReferenceCardinality.OPTIONAL,
      unbind = "unbindLimits")
  void bindLimits(PublishLimits limits) {
    publishLimits = limits;
  }

  void unbindLimits(PublishLimits limits) {
    if (publishLimits == limits) {
      publishLimits = null;
    }
  }

  @Reference(
      policy = ReferencePolicy.DYNAMIC,
      cardinality = ReferenceCardinality.MULTIPLE,
      unbind = "removeModule")
  void addModule(ApiModule module) {
    modules.add(module);
  }

  void removeModule(ApiModule module) {
    modules.remove(module);
  }

  @Reference(
      policy = ReferencePolicy.DYNAMIC,
      cardinality = ReferenceCardinality.MULTIPLE,
      unbind = "removeStream")
  void addStream(StreamProtocol protocol) {
    streams.add(protocol);
  }

  void removeStream(StreamProtocol protocol) {
    streams.remove(protocol);
  }

  @Reference(
      policy = ReferencePolicy.DYNAMIC,
      cardinality = ReferenceCardinality.OPTIONAL,
      unbind = "removeAuditTrail")
  void addAuditTrail(AuditTrail trail) {
    audit.set(trail);
  }

  void removeAuditTrail(AuditTrail trail) {
    audit.unset(trail);
  }

  @Override
  public String name() {
    return "https";
  }

  @Override
  public int port() {
    return server.port();
  }

  @Override
  public List<Metric> metrics() {
    return List.of(
        Metric.counter("http_calls_total", calls.calls.sum()),
        Metric.counter("http_errors_total", calls.errors.sum()),
        Metric.gauge("http_connections", server.admission.connections()),
        Metric.counter("http_connections_refused_total", server.admission.refused.sum()),
        Metric.counter("http_connections_displaced_total", server.admission.displaced.sum()),
        Metric.counter("http_requests_displaced_total", memory.displaced.sum()),
        Metric.gauge("http_waiting_calls", workers.getQueue().size()));
  }

  @Override
  public Health health() {
    List<String> clashes = modules.router().clashes();
    return clashes.isEmpty()
        ? new Health("http", State.UP, "")
        : new Health("http", State.DEGRADED, String.join("; ", clashes));
  }
}
