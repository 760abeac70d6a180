package dev.gatehouse.http;

import dev.gatehouse.api.identity.TlsIdentity;
import dev.gatehouse.edge.ServerTls;
import dev.gatehouse.edge.Transport;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** The listener: TLS, HTTP/1.1, limits. */
final class HttpServer {
  private static final int IDLE_SECONDS = 65;
  private static final int HANDSHAKE_SECONDS = 5;
  private static final int LOOPS = Math.min(2, Runtime.getRuntime().availableProcessors());
  private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final Transport transport = Transport.open("gatehouse-http-loop", LOOPS);
  private final HttpSettings settings;
  private final HttpServices services;
  private final Channel listener;
  final Admission admission;

  /** Binds. */
  HttpServer(HttpSettings settings, TlsIdentity tls, HttpServices services) throws SSLException {
    this.settings = settings;
    this.services = services;
    admission =
        new Admission(settings.maxConnections(), settings.addressConnects(), System::nanoTime);
    SslContext context = ServerTls.context(tls, ClientAuth.OPTIONAL);
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(transport.loops())
            .channel(transport.listener())
            .option(ChannelOption.SO_BACKLOG, 1024)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    accept(channel, context);
                  }
                });
    InetSocketAddress address =
        settings.host().isEmpty()
            ? new InetSocketAddress(settings.port())
            : new InetSocketAddress(settings.host(), settings.port());
    try {
      listener = bootstrap.bind(address).syncUninterruptibly().channel();
    } catch (RuntimeException e) {
      transport.loops().shutdownGracefully(0, 1, TimeUnit.SECONDS);
      throw e;
    }
  }

  private void accept(Channel channel, SslContext tls) {
    @Nullable ConnectionPlace place =
        channel.remoteAddress() instanceof InetSocketAddress peer
            ? admission.admit(peer.getAddress(), channel)
            : null; // it has gone already
    if (place == null) {
      channel.close();
    } else {
      serve(channel, tls, place);
    }
  }

  private void serve(Channel channel, SslContext tls, ConnectionPlace place) {
    connections.add(channel);
    channel.closeFuture().addListener(closed -> admission.leave(place));
    SslHandler handler = tls.newHandler(channel.alloc());
    handler.setHandshakeTimeout(HANDSHAKE_SECONDS, TimeUnit.SECONDS);
    handler
        .engine()
        .setHandshakeApplicationProtocolSelector(
            (engine, offered) -> services.streams().choose(offered));
    channel
        .pipeline()
        .addLast(new FirstByteDeadline())
        .addLast(handler)
        .addLast(
            new Negotiation(
                services.streams(),
                next -> speakHttp(next, place),
                next -> admission.leave(place)));
  }

  private void speakHttp(ChannelHandlerContext context, ConnectionPlace place) {
    RequestReader reader = new RequestReader(settings, services, place);
    context
        .pipeline()
        .addLast(new IdleStateHandler(0, 0, IDLE_SECONDS))
        // before the decoder: so is that of WebSocket, whose decoder answers what is malformed
        .addLast(new HttpResponseEncoder())
        .addLast(reader.decoder())
        .addLast(reader)
        // Counts with those of its new protocol once it was taken.
        .addLast(new HttpChannel(settings, services, reader, channel -> admission.leave(place)));
  }

  int port() {
    return ((InetSocketAddress) listener.localAddress()).getPort();
  }

  void close() {
    listener.close().awaitUninterruptibly(1_000);
    connections.close().awaitUninterruptibly(1_000);
    transport.loops().shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2_000);
  }
}
