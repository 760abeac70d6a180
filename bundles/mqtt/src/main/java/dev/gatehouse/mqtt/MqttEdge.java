package dev.gatehouse.mqtt;

import dev.gatehouse.api.identity.Authenticator;
import dev.gatehouse.api.identity.Authorizer;
import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.api.identity.PrincipalObserver;
import dev.gatehouse.api.identity.TlsIdentity;
import dev.gatehouse.api.memory.MemoryBudget;
import dev.gatehouse.api.message.Message;
import dev.gatehouse.api.message.PublishLimits;
import dev.gatehouse.api.session.SessionEnd;
import dev.gatehouse.api.session.Sessions;
import dev.gatehouse.api.telemetry.Endpoint;
import dev.gatehouse.api.telemetry.LogText;
import dev.gatehouse.api.telemetry.Metric;
import dev.gatehouse.api.telemetry.MetricSource;
import dev.gatehouse.edge.Descriptors;
import dev.gatehouse.edge.Handshakes;
import dev.gatehouse.edge.ServerTls;
import dev.gatehouse.edge.StreamProtocol;
import dev.gatehouse.edge.Transport;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.ssl.ClientAuth;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The MQTT edge: listens while it is active. */
@Component(
    configurationPid = "dev.gatehouse.mqtt",
    immediate = true,
    service = {PrincipalObserver.class, MetricSource.class, PublishLimits.class})
@Designate(ocd = MqttConfig.class)
public final class MqttEdge implements PrincipalObserver, MetricSource, PublishLimits {
  private static final Logger LOG = LoggerFactory.getLogger(MqttEdge.class);

  private final MqttCounters counters = new MqttCounters();
  private final AtomicLong invalidations = new AtomicLong();
  private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final List<MqttListener> listeners = new CopyOnWriteArrayList<>();
  private final List<ServiceRegistration<Endpoint>> endpoints = new ArrayList<>();
  private final @Nullable BundleContext context;
  private final MqttStream stream;
  private final TlsIdentity tls;
  private final EdgeMemory memory;
  private @Nullable ServiceRegistration<StreamProtocol> taking;
  private final Transport transport;
  private MqttSettings settings;
  private volatile MqttLimits limits;

  /** Listens, and tells where. */
  @Activate
  public MqttEdge(
      @Reference Sessions sessions,
      @Reference Authenticator authenticator,
      @Reference Authorizer authorizer,
      @Reference TlsIdentity tls,
      @Reference MemoryBudget budget,
      MqttConfig config,
      BundleContext context)
      throws SSLException {
    this(
        sessions,
        authenticator,
        authorizer,
        tls,
        MqttSettings.of(config),
        MqttLimits.of(config, Descriptors.ofProcess()),
        new EdgeMemory(budget),
        Clock.systemUTC(),
        context);
  }

  MqttEdge(
      Sessions sessions,
      Authenticator authenticator,
      Authorizer authorizer,
      TlsIdentity tls,
      MqttSettings settings,
      MqttLimits limits,
      EdgeMemory memory,
      Clock clock,
      @Nullable BundleContext context)
      throws SSLException {
    this.tls = tls;
    this.memory = memory;
    this.settings = settings;
    this.limits = limits;
    this.context = context;
    transport = Transport.open("gatehouse-mqtt-loop", settings.eventLoops());
    EdgeServices services =
        new EdgeServices(
            sessions,
            authenticator,
            authorizer,
            () -> this.limits,
            counters,
            invalidations,
            new KeepAlives(GlobalEventExecutor.INSTANCE),
            memory,
            clock);
    stream = new MqttStream(connections, services);
    sessions.publishRestoredWills(ConnectStep.willRights(authorizer));
    if (context != null) {
      taking = context.registerService(StreamProtocol.class, stream, null);
    }
    try {
      listen();
    } catch (SSLException | RuntimeException e) {
      deactivate();
      throw e;
    }
  }

  /** Limits count at once; it listens anew if that changed. */
  @Modified
  void modified(MqttConfig config) throws SSLException {
    MqttSettings changed = MqttSettings.of(config);
    limit(MqttLimits.of(config, Descriptors.ofProcess()));
    if (!changed.equals(settings)) {
      settings = changed;
      listenNoMore();
      listen();
    }
  }

  void limit(MqttLimits changed) {
    limits = changed;
  }

  private void listen() throws SSLException {
    if (settings.port() != 0) {
      int port = Math.max(0, settings.port());
      InetSocketAddress address =
          settings.host().isEmpty()
              ? new InetSocketAddress(port)
              : new InetSocketAddress(settings.host(), port);
      listen("mqtts", "port", address, ServerTls.open(tls, ClientAuth.REQUIRE));
    }
    if (settings.plaintextPort() != 0) {
      int port = Math.max(0, settings.plaintextPort());
      InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
      listen("mqtt", "plaintextPort", address, null);
    }
  }

  private void listen(
      String name, String attribute, InetSocketAddress address, @Nullable ServerTls engines) {
    try {
      MqttListener listener =
          new MqttListener(
              name, address, engines, transport, stream, () -> limits.connectSeconds());
      listeners.add(listener);
      LOG.info("event=listening endpoint={} port={}", listener.name(), listener.port());
      if (this.context != null) {
        endpoints.add(this.context.registerService(Endpoint.class, listener, null));
      }
    } catch (RuntimeException e) {
      if (engines != null) {
        engines.close();
      }
      LOG.error(
          "event=listen-failed pid=dev.gatehouse.mqtt {}={} reason=\"{}\"",
          attribute,
          address.getPort(),
          e.toString());
      throw e;
    }
  }

  private void listenNoMore() {
    endpoints.forEach(ServiceRegistration::unregister);
    endpoints.clear();
    listeners.forEach(MqttListener::close);
    listeners.clear();
  }

  @Deactivate
  void deactivate() {
    if (taking != null) {
      taking.unregister();
      taking = null;
    }
    listenNoMore();
    end(principal -> true, SessionEnd.SERVER_SHUTDOWN);
    connections.newCloseFuture().awaitUninterruptibly(1_000);
    connections.close().awaitUninterruptibly(1_000);
    transport.loops().shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2_000);
    memory.close();
  }

  @Override
  public void invalidated(Principal principal, String reason) {
    LOG.info(
        "event=principal-invalidated principal={} reason=\"{}\"",
        LogText.printable(principal.id()),
        reason);
    // Counted first: whoever is not found below sees that the count has changed.
    invalidations.incrementAndGet();
    end(is(principal::equals), SessionEnd.PRINCIPAL_INVALIDATED);
  }

  @Override
  public void keyInvalidated(String accessKeyId, String reason) {
    LOG.info("event=key-invalidated accessKeyId={} reason=\"{}\"", accessKeyId, reason);
    end(client -> client.signedWith(accessKeyId), SessionEnd.PRINCIPAL_INVALIDATED);
  }

  private static Predicate<MqttChannel> is(Predicate<Principal> whose) {
    return client -> {
      Principal principal = client.principal();
      return principal != null && whose.test(principal);
    };
  }

  private void end(Predicate<MqttChannel> which, SessionEnd reason) {
    for (Channel connection : connections) {
      ChannelHandlerContext context = connection.pipeline().context(MqttChannel.class);
      if (context != null && context.handler() instanceof MqttChannel client) {
        if (which.test(client)) {
          client.end(context, reason);
        }
      }
    }
  }

  EdgeMemory memory() {
    return memory;
  }

  long failures() {
    return counters.failures();
  }

  MqttStream stream() {
    return stream;
  }

  List<MqttListener> listeners() {
    return List.copyOf(listeners);
  }

  @Override
  public List<Metric> metrics() {
    List<Metric> metrics =
        new ArrayList<>(counters.metrics(connections.size(), memory.inbound.usedBytes()));
    List<Handshakes> all = listeners.stream().map(MqttListener::handshakes).toList();
    metrics.add(
        Metric.counter("mqtt_handshakes_total", all.stream().mapToLong(Handshakes::begun).sum()));
    metrics.add(
        Metric.counter(
            "mqtt_handshakes_refused_total", all.stream().mapToLong(Handshakes::refused).sum()));
    metrics.add(
        Metric.gauge("mqtt_handshakes_open", all.stream().mapToInt(Handshakes::open).sum()));
    metrics.add(
        Metric.gauge("mqtt_handshakes_waiting", all.stream().mapToInt(Handshakes::waiting).sum()));
    metrics.add(
        Metric.gauge(
            "mqtt_handshakes_waiting_bytes", all.stream().mapToLong(Handshakes::heldBytes).sum()));
    return metrics;
  }

  @Override
  public Optional<String> fault(Message message) {
    return Optional.ofNullable(limits.fault(message));
  }
}
