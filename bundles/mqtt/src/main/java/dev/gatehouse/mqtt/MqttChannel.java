package dev.gatehouse.mqtt;

import dev.gatehouse.api.identity.Authentication;
import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.api.session.SessionEnd;
import dev.gatehouse.edge.StreamProtocol;
import dev.gatehouse.mqtt.codec.MqttException;
import dev.gatehouse.mqtt.codec.Packet;
import dev.gatehouse.mqtt.codec.PacketEncoder;
import dev.gatehouse.mqtt.codec.Properties;
import dev.gatehouse.mqtt.codec.Property;
import dev.gatehouse.mqtt.codec.ReasonCode;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection, from CONNECT to its end. Everything here runs on the connection's loop. */
final class MqttChannel extends PacketStream {
  private static final Logger LOG = LoggerFactory.getLogger(MqttChannel.class);

  private final LogLimit logs;
  private final StreamProtocol.Peer peer;
  private @Nullable ScheduledFuture<?> deadline; // until the client is in
  private Packet.@Nullable Connect asking; // until it is answered
  private @Nullable Inbound inbound; // as long as the client is in
  private @Nullable Inbound entered; // until the connection is closed, once a client was in
  private volatile @Nullable Principal principal;
  private boolean kept; // the session outlives the connection

  /**
   * One connection.
   *
   * @param peer who signed the way here, if anybody did; else the TLS session is to tell
   */
  MqttChannel(EdgeServices services, StreamProtocol.Peer peer, LogLimit logs) {
    super(services);
    this.peer = peer;
    this.logs = logs;
  }

  /** Who is connected, once somebody is; read from other threads. */
  @Nullable Principal principal() {
    return principal;
  }

  /** Whether the way here was signed with an access key. */
  boolean signedWith(String accessKeyId) {
    return accessKeyId.equals(peer.accessKeyId());
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    super.handlerAdded(context);
    deadline =
        context
            .executor()
            .schedule(
                () -> context.close(), services.limits().get().connectSeconds(), TimeUnit.SECONDS);
  }

  @Override
  void packet(ChannelHandlerContext context, Packet packet) {
    Inbound handler = inbound;
    if (packet instanceof Packet.Connect connect) {
      connect(context, connect);
    } else if (handler == null) {
      throw new MqttException(ReasonCode.PROTOCOL_ERROR, "a packet came before CONNECT");
    } else if (packet instanceof Packet.Disconnect disconnect) {
      disconnect(context, handler, disconnect);
    } else {
      handler.handle(packet);
    }
  }

  private void connect(ChannelHandlerContext context, Packet.Connect connect) {
    kept = connect.properties().number(Property.SESSION_EXPIRY_INTERVAL).orElse(0L) > 0;
    asking = connect;
    long invalidations = services.invalidations().get();
    hold(Hold.CONNECT);
    boolean secure = context.pipeline().get(SslHandler.class) != null;
    ConnectStep.Way way = ConnectStep.Way.of(secure, peer.conditionKeys());
    new ConnectStep(services, context.channel(), source(), way, connect)
        .run(authentication(context))
        .whenComplete(
            (answered, failure) ->
                context
                    .executor()
                    .execute(() -> answered(context, invalidations, answered, failure)));
  }

  private String sourceIp() {
    return source().getHostAddress();
  }

  /** Of the CONNECT that is not answered; 0 if there is none, or none that can be answered. */
  private int version() {
    if (asking != null) {
      return asking.version();
    }
    return decoder.tooLargeVersion() == 5 ? 5 : 0; // MQTT 3.1.1 has no return code for it
  }

  private CompletionStage<Authentication> authentication(ChannelHandlerContext context) {
    Principal signed = peer.principal();
    if (signed != null) {
      return CompletableFuture.completedFuture(new Authentication.Accepted(signed));
    }
    SslHandler tls = context.pipeline().get(SslHandler.class);
    return tls == null
        ? CompletableFuture.completedFuture(services.authenticator().anonymous())
        : services.authenticator().certificate(certificates(tls));
  }

  /** The client's chain; empty if it has none. */
  private static List<X509Certificate> certificates(SslHandler tls) {
    List<X509Certificate> chain = new ArrayList<>();
    try {
      for (Certificate certificate : tls.engine().getSession().getPeerCertificates()) {
        chain.add((X509Certificate) certificate);
      }
    } catch (SSLPeerUnverifiedException e) {
      return List.of(); // refused by the authenticator, which says so
    }
    return chain;
  }

  private void answered(
      ChannelHandlerContext context,
      long invalidations,
      ConnectStep.@Nullable Answered answered,
      @Nullable Throwable failure) {
    if (answered == null) {
      Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
      if (!(cause instanceof MqttException)) {
        LOG.error("event=connect-failed peer={}", sourceIp(), cause);
      }
      refused(
          context,
          cause instanceof MqttException known
              ? known
              : new MqttException(ReasonCode.UNSPECIFIED_ERROR, "internal failure"));
      return;
    }
    Client client = answered.client();
    if (!context.channel().isActive()) {
      client.session().close(SessionEnd.CONNECTION_LOST, -1);
      return;
    }
    meet();
    principal = client.principal();
    if (services.invalidations().get() != invalidations) {
      client.session().close(SessionEnd.PRINCIPAL_INVALIDATED, -1);
      refused(
          context,
          new MqttException(
              ReasonCode.SERVER_UNAVAILABLE, "rights were withdrawn meanwhile; connect again"));
      return;
    }
    asking = null;
    client.outbound().onRoom(client.session(), this);
    inbound = new Inbound(this, client, logs);
    entered = inbound;
    services.counters().connected();
    decoder.accepted(client.told().packetBytes());
    if (answered.keepAliveSeconds() > 0) {
      watch(TimeUnit.MILLISECONDS.toNanos(answered.keepAliveSeconds() * 1500L));
    }
    client.outbound().open();
    client
        .outbound()
        .write(
            (encoder, out) -> encoder.connack(out, answered.present(), 0, answered.properties()));
    client.session().start();
    free(Hold.CONNECT);
  }

  /** No longer closes it if the client is not in by then. */
  private void meet() {
    if (deadline != null) {
      deadline.cancel(false);
      deadline = null;
    }
  }

  private void refused(ChannelHandlerContext context, MqttException reason) {
    services.counters().refused();
    logs.info("event=connect-refused peer=" + sourceIp() + " reason=" + reason.reason(), reason);
    deafen();
    if (version() == 4 && reason.reason() == ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR) {
      context.close(); // no return code of MQTT 3.1.1 says it
      return;
    }
    int code = version() == 5 ? reason.reason().code() : returnCode(reason.reason());
    PacketEncoder encoder = new PacketEncoder(version(), ConnectStep.maxPacketBytes(asking), true);
    if (!encoder.fits(Properties.NONE)) {
      context.close();
      return;
    }
    ByteBuf connack = context.alloc().buffer();
    encoder.refusal(connack, code, String.valueOf(reason.getMessage()));
    if (reason.reason() == ReasonCode.PACKET_TOO_LARGE) {
      // more of it is on its way
      context.writeAndFlush(connack).addListener(sent -> Outbound.leave(context.channel()));
    } else {
      context.writeAndFlush(connack).addListener(ChannelFutureListener.CLOSE);
    }
  }

  /** MQTT 3.1.1's return codes (3.2.2.3). */
  private static int returnCode(ReasonCode reason) {
    return switch (reason) {
      case UNSUPPORTED_PROTOCOL_VERSION -> 1;
      case CLIENT_IDENTIFIER_NOT_VALID -> 2;
      case BAD_USER_NAME_OR_PASSWORD -> 4;
      case NOT_AUTHORIZED -> 5;
      default -> 3;
    };
  }

  private void disconnect(
      ChannelHandlerContext context, Inbound handler, Packet.Disconnect disconnect) {
    // only a normal one discards the will [MQTT-3.1.2-8, MQTT-3.14.4-3]
    boolean withWill = disconnect.reason() != ReasonCode.SUCCESS.code();
    long expiry = disconnect.properties().number(Property.SESSION_EXPIRY_INTERVAL).orElse(-1L);
    if (expiry > 0 && !kept) {
      throw new MqttException(
          ReasonCode.PROTOCOL_ERROR,
          "a session that ends with its connection cannot be kept after all (3.14.2.2.2)");
    }
    end(withWill ? SessionEnd.CLIENT_INITIATED_WITH_WILL : SessionEnd.CLIENT_INITIATED, expiry);
    handler.client().outbound().flush(); // the answers to what came before it
    context.close();
  }

  @Override
  void broken(ChannelHandlerContext context, MqttException reason) {
    services.counters().protocolError();
    logs.info("event=protocol-error peer=" + sourceIp() + " reason=" + reason.reason(), reason);
    Inbound handler = inbound;
    if (handler == null) {
      if (version() == 0 && reason.reason() != ReasonCode.UNSUPPORTED_PROTOCOL_VERSION) {
        deafen();
        context.close(); // whatever it speaks, it is not MQTT
      } else {
        refused(context, reason);
      }
      return;
    }
    end(
        reason.reason() == ReasonCode.NOT_AUTHORIZED
            ? SessionEnd.NOT_AUTHORIZED
            : SessionEnd.PROTOCOL_ERROR,
        -1);
    handler.client().outbound().close(reason.reason(), String.valueOf(reason.getMessage()));
  }

  /** The client that was in, if one was. */
  private @Nullable Client end(SessionEnd reason, long expiry) {
    deafen();
    Inbound handler = inbound;
    if (handler == null) {
      return null;
    }
    inbound = null;
    handler.client().session().close(reason, expiry);
    return handler.client();
  }

  /** From any thread: ends the connection for a reason of the gateway's. */
  void end(ChannelHandlerContext context, SessionEnd reason) {
    context.executor().execute(() -> over(context, reason));
  }

  private void over(ChannelHandlerContext context, SessionEnd reason) {
    Client client = end(reason, -1);
    if (client == null) {
      context.close();
    } else {
      client.outbound().end(reason);
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    Inbound handler = inbound;
    if (handler != null && context.channel().isWritable()) {
      handler.client().outbound().writable();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof SessionEnd reason) {
      if (inbound != null) {
        over(context, reason);
      }
    } else if (event instanceof SslHandshakeCompletionEvent handshake && !handshake.isSuccess()) {
      logs.info("event=handshake-failed peer=" + sourceIp(), handshake.cause());
    }
  }

  @Override
  void silent() {
    if (inbound != null) {
      over(context(), SessionEnd.KEEP_ALIVE_TIMEOUT);
    }
  }

  /** Its time is over (guide: WebSocket connection duration). */
  void expired() {
    over(context(), SessionEnd.LIMIT_EXCEEDED);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    meet();
    end(SessionEnd.CONNECTION_LOST, -1);
    if (entered != null) {
      entered.close();
      entered = null;
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    Throwable root =
        cause instanceof DecoderException && cause.getCause() != null ? cause.getCause() : cause;
    if (root instanceof IOException) { // a TLS failure is one, too
      LOG.debug("event=connection-failed peer={}", sourceIp(), cause);
    } else {
      services.counters().failed();
      logs.error("event=connection-broken peer=" + sourceIp(), cause);
    }
    context.close();
  }
}
