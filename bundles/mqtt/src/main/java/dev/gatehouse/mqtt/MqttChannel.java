package dev.gatehouse.mqtt;

import dev.gatehouse.api.identity.Authentication;
import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.api.session.Session;
import dev.gatehouse.api.session.SessionEnd;
import dev.gatehouse.edge.StreamProtocol;
import dev.gatehouse.mqtt.codec.MqttException;
import dev.gatehouse.mqtt.codec.Packet;
import dev.gatehouse.mqtt.codec.PacketDecoder;
import dev.gatehouse.mqtt.codec.PacketEncoder;
import dev.gatehouse.mqtt.codec.Properties;
import dev.gatehouse.mqtt.codec.Property;
import dev.gatehouse.mqtt.codec.ReasonCode;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.net.InetSocketAddress;
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
final class MqttChannel extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(MqttChannel.class);

  private final EdgeServices services;
  private final PacketDecoder decoder;
  private final Reading reading;
  private final LogLimit logs;
  private @Nullable ScheduledFuture<?> deadline;
  private int version;
  private ConnectStep.@Nullable Accepted accepted;
  private @Nullable Inbound inbound;
  private final StreamProtocol.Peer peer;
  private volatile @Nullable Principal principal;
  private long invalidations;
  private long maxPacketBytes = Long.MAX_VALUE; // that the client takes
  private boolean kept; // the session outlives the connection
  private boolean ended;

  /**
   * One connection.
   *
   * @param peer who signed the way here, if anybody did; else the TLS session is to tell
   */
  MqttChannel(
      EdgeServices services,
      PacketDecoder decoder,
      Reading reading,
      StreamProtocol.Peer peer,
      LogLimit logs) {
    this.services = services;
    this.decoder = decoder;
    this.peer = peer;
    this.reading = reading;
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
    deadline =
        context
            .executor()
            .schedule(
                () -> context.close(), services.limits().get().connectSeconds(), TimeUnit.SECONDS);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (ended) {
      return;
    }
    try {
      if (message instanceof MqttException malformed) {
        throw malformed;
      }
      Inbound handler = inbound;
      if (message instanceof Packet.Connect connect) {
        connect(context, connect);
      } else if (handler == null) {
        throw new MqttException(ReasonCode.PROTOCOL_ERROR, "a packet came before CONNECT");
      } else if (message instanceof Packet.Disconnect disconnect) {
        disconnect(context, disconnect);
      } else {
        handler.handle((Packet) message);
      }
    } catch (MqttException e) {
      broken(context, e);
    }
  }

  private void connect(ChannelHandlerContext context, Packet.Connect connect) {
    version = connect.version();
    kept = connect.properties().number(Property.SESSION_EXPIRY_INTERVAL).orElse(0L) > 0;
    maxPacketBytes =
        connect.properties().number(Property.MAXIMUM_PACKET_SIZE).orElse(Long.MAX_VALUE);
    invalidations = services.invalidations().get();
    reading.hold(Reading.Hold.CONNECT);
    new ConnectStep(services, context.channel(), sourceIp(context), connect)
        .run(authentication(context))
        .whenComplete(
            (answered, failure) ->
                context.executor().execute(() -> answered(context, answered, failure)));
  }

  private static String sourceIp(ChannelHandlerContext context) {
    return ((InetSocketAddress) context.channel().remoteAddress()).getAddress().getHostAddress();
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
      ConnectStep.@Nullable Answered answered,
      @Nullable Throwable failure) {
    if (answered == null) {
      Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
      if (!(cause instanceof MqttException)) {
        LOG.error("event=connect-failed peer={}", sourceIp(context), cause);
      }
      refused(
          context,
          cause instanceof MqttException known
              ? known
              : new MqttException(ReasonCode.UNSPECIFIED_ERROR, "internal failure"));
      return;
    }
    ConnectStep.Accepted result = answered.client();
    Session session = result.session().session();
    if (!context.channel().isActive()) {
      session.close(SessionEnd.CONNECTION_LOST, -1);
      return;
    }
    if (deadline != null) {
      deadline.cancel(false);
      deadline = null;
    }
    principal = result.principal();
    if (services.invalidations().get() != invalidations) {
      session.close(SessionEnd.PRINCIPAL_INVALIDATED, -1);
      refused(
          context,
          new MqttException(
              ReasonCode.SERVER_UNAVAILABLE, "rights were withdrawn meanwhile; connect again"));
      return;
    }
    accepted = result;
    result.outbound().onRoom(session::resume);
    inbound = new Inbound(services, context.channel(), reading, result, version, logs);
    services.counters().connected();
    decoder.accepted(result.limits().packetBytes());
    if (result.keepAliveSeconds() > 0) {
      ChannelHandlerContext bytes = context.pipeline().context(Throughput.class);
      ((Throughput) bytes.handler())
          .watch(bytes, TimeUnit.MILLISECONDS.toNanos(result.keepAliveSeconds() * 1500L));
    }
    result.outbound().open();
    result
        .outbound()
        .write(
            out -> result.encoder().connack(out, result.session().present(), 0, answered.answer()));
    session.start();
    reading.free(Reading.Hold.CONNECT);
  }

  private void refused(ChannelHandlerContext context, MqttException reason) {
    services.counters().refused();
    logs.info(
        "event=connect-refused peer=" + sourceIp(context) + " reason=" + reason.reason(), reason);
    ended = true;
    if (version == 4 && reason.reason() == ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR) {
      context.close(); // no return code of MQTT 3.1.1 says it
      return;
    }
    int code = version == 5 ? reason.reason().code() : returnCode(reason.reason());
    PacketEncoder encoder = new PacketEncoder(version, maxPacketBytes, true);
    if (!encoder.fits(Properties.NONE)) {
      context.close();
      return;
    }
    ByteBuf connack = context.alloc().buffer();
    encoder.refusal(connack, code, String.valueOf(reason.getMessage()));
    context.writeAndFlush(connack).addListener(ChannelFutureListener.CLOSE);
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

  private void disconnect(ChannelHandlerContext context, Packet.Disconnect disconnect) {
    // only a normal one discards the will [MQTT-3.1.2-8, MQTT-3.14.4-3]
    boolean withWill = disconnect.reason() != ReasonCode.SUCCESS.code();
    long expiry = disconnect.properties().number(Property.SESSION_EXPIRY_INTERVAL).orElse(-1L);
    if (expiry > 0 && !kept) {
      throw new MqttException(
          ReasonCode.PROTOCOL_ERROR,
          "a session that ends with its connection cannot be kept after all (3.14.2.2.2)");
    }
    ConnectStep.Accepted client = accepted;
    end(withWill ? SessionEnd.CLIENT_INITIATED_WITH_WILL : SessionEnd.CLIENT_INITIATED, expiry);
    if (client != null) {
      client.outbound().flush(); // the answers to what came before it
    }
    context.close();
  }

  /** The client broke the protocol or its limits. */
  private void broken(ChannelHandlerContext context, MqttException reason) {
    services.counters().protocolError();
    logs.info(
        "event=protocol-error peer=" + sourceIp(context) + " reason=" + reason.reason(), reason);
    ConnectStep.Accepted client = accepted;
    if (client == null) {
      if (version == 0 && reason.reason() != ReasonCode.UNSUPPORTED_PROTOCOL_VERSION) {
        ended = true;
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
    client.outbound().close(reason.reason(), String.valueOf(reason.getMessage()));
  }

  private void end(SessionEnd reason, long expiry) {
    ended = true;
    ConnectStep.Accepted client = accepted;
    if (client != null) {
      accepted = null;
      client.session().session().close(reason, expiry);
    }
  }

  /** From any thread: ends the connection for a reason of the gateway's. */
  void end(ChannelHandlerContext context, SessionEnd reason) {
    context
        .executor()
        .execute(
            () -> {
              ConnectStep.Accepted client = accepted;
              end(reason, -1);
              if (client == null) {
                context.close();
              } else {
                client.outbound().end(reason);
              }
            });
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    ConnectStep.Accepted client = accepted;
    if (client != null && context.channel().isWritable()) {
      client.outbound().writable();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof SessionEnd reason) {
      over(reason);
    } else if (event instanceof SslHandshakeCompletionEvent handshake && !handshake.isSuccess()) {
      logs.info("event=handshake-failed peer=" + sourceIp(context), handshake.cause());
    }
  }

  /** Its time is over (guide: WebSocket connection duration). */
  void expired(ChannelHandlerContext context) {
    if (accepted == null) {
      context.close();
    } else {
      over(SessionEnd.LIMIT_EXCEEDED);
    }
  }

  private void over(SessionEnd reason) {
    ConnectStep.Accepted client = accepted;
    if (client != null) {
      end(reason, -1);
      client.outbound().end(reason);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    if (deadline != null) {
      deadline.cancel(false);
      deadline = null;
    }
    end(SessionEnd.CONNECTION_LOST, -1);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    Throwable root =
        cause instanceof DecoderException && cause.getCause() != null ? cause.getCause() : cause;
    if (root instanceof IOException) { // a TLS failure is one, too
      LOG.debug("event=connection-failed peer={}", sourceIp(context), cause);
    } else {
      services.counters().failed();
      logs.error("event=connection-broken peer=" + sourceIp(context), cause);
    }
    context.close();
  }
}
