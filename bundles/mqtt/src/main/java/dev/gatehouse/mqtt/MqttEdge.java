package dev.gatehouse.mqtt;

import dev.gatehouse.api.identity.Authenticator;
import dev.gatehouse.api.identity.Authorizer;
import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.api.identity.PrincipalObserver;
import dev.gatehouse.api.identity.TlsIdentity;
import dev.gatehouse.api.session.SessionEnd;
import dev.gatehouse.api.session.Sessions;
import dev.gatehouse.api.telemetry.Endpoint;
import dev.gatehouse.api.telemetry.Metric;
import dev.gatehouse.api.telemetry.MetricSource;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLException;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The MQTT edge: listens while it is active. */
@Component(
    configurationPid = "dev.gatehouse.mqtt",
    immediate = true,
    service = {PrincipalObserver.class, MetricSource.class})
@Designate(ocd = MqttConfig.class)
public final class MqttEdge implements PrincipalObserver, MetricSource {
  private static final Logger LOG = LoggerFactory.getLogger(MqttEdge.class);

  private final MqttCounters counters = new MqttCounters();
  private final AtomicLong invalidations = new AtomicLong();
  private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final List<MqttListener> listeners = new ArrayList<>();
  private final List<ServiceRegistration<Endpoint>> endpoints = new ArrayList<>();
  private final Transport transport;

  /** Listens, and tells where. */
  @Activate
  public MqttEdge(
      @Reference Sessions sessions,
      @Reference Authenticator authenticator,
      @Reference Authorizer authorizer,
      @Reference TlsIdentity tls,
      MqttConfig config,
      BundleContext context)
      throws SSLException {
    this(
        new EdgeServices(
            sessions,
            authenticator,
            authorizer,
            MqttSettings.of(config),
            new MqttCounters(),
            new AtomicLong(),
            Clock.systemUTC()),
        tls);
    for (MqttListener listener : listeners) {
      endpoints.add(context.registerService(Endpoint.class, listener, null));
      LOG.info("event=listening endpoint={} port={}", listener.name(), listener.port());
    }
  }

  MqttEdge(EdgeServices services, TlsIdentity tls) throws SSLException {
    MqttSettings settings = services.settings();
    transport = Transport.open(settings.eventLoops());
    EdgeServices own =
        new EdgeServices(
            services.sessions(),
            services.authenticator(),
            services.authorizer(),
            settings,
            counters,
            invalidations,
            services.clock());
    try {
      if (settings.port() != 0) {
        int port = Math.max(0, settings.port());
        InetSocketAddress address =
            settings.host().isEmpty()
                ? new InetSocketAddress(port)
                : new InetSocketAddress(settings.host(), port);
        listen("mqtts", "port", address, context(tls), own);
      }
      if (settings.plaintextPort() != 0) {
        int port = Math.max(0, settings.plaintextPort());
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        listen("mqtt", "plaintextPort", address, null, own);
      }
    } catch (SSLException | RuntimeException e) {
      deactivate();
      throw e;
    }
  }

  private static SslContext context(TlsIdentity tls) throws SSLException {
    return SslContextBuilder.forServer(tls.serverKeys())
        .sslProvider(SslProvider.JDK)
        .trustManager(tls.deviceTrust())
        .clientAuth(ClientAuth.REQUIRE)
        .protocols(tls.protocols())
        .ciphers(tls.cipherSuites())
        .build();
  }

  private void listen(
      String name,
      String attribute,
      InetSocketAddress address,
      @org.jspecify.annotations.Nullable SslContext tls,
      EdgeServices services) {
    try {
      listeners.add(new MqttListener(name, address, tls, transport, connections, services));
    } catch (RuntimeException e) {
      LOG.error(
          "event=listen-failed pid=dev.gatehouse.mqtt {}={} reason=\"{}\"",
          attribute,
          address.getPort(),
          e.toString());
      throw e;
    }
  }

  @Deactivate
  void deactivate() {
    endpoints.forEach(ServiceRegistration::unregister);
    listeners.forEach(MqttListener::close);
    end(principal -> true, SessionEnd.SERVER_SHUTDOWN);
    connections.newCloseFuture().awaitUninterruptibly(1_000);
    connections.close().awaitUninterruptibly(1_000);
    transport.loops().shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2_000);
  }

  @Override
  public void invalidated(Principal principal, String reason) {
    LOG.info("event=principal-invalidated principal={} reason=\"{}\"", principal.id(), reason);
    // Counted first: whoever is not found below sees that the count has changed.
    invalidations.incrementAndGet();
    end(principal::equals, SessionEnd.PRINCIPAL_INVALIDATED);
  }

  private void end(java.util.function.Predicate<Principal> whose, SessionEnd reason) {
    for (Channel connection : connections) {
      ChannelHandlerContext context = connection.pipeline().context(MqttChannel.class);
      if (context != null && context.handler() instanceof MqttChannel client) {
        Principal principal = client.principal();
        if (principal != null && whose.test(principal)) {
          client.end(context, reason);
        }
      }
    }
  }

  List<MqttListener> listeners() {
    return List.copyOf(listeners);
  }

  @Override
  public List<Metric> metrics() {
    return counters.metrics(connections.size());
  }
}
