package dev.gatehouse.http;

import dev.gatehouse.api.identity.TlsIdentity;
import dev.gatehouse.edge.ServerTls;
import dev.gatehouse.edge.Transport;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetSocketAddress;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;

/** The listener: TLS, HTTP/1.1, limits. */
final class HttpServer {
  private static final int IDLE_SECONDS = 65;
  private static final int HANDSHAKE_SECONDS = 5;
  private static final int LOOPS = Math.min(2, Runtime.getRuntime().availableProcessors());
  private static final int FRAMING = 64 << 10; // of a packet, beside its payload
  private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final ChannelGroup taken = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final Transport transport = Transport.open("gatehouse-http-loop", LOOPS);
  private final Channel listener;

  /** Binds. */
  HttpServer(
      HttpSettings settings, TlsIdentity tls, CallHandler calls, Executor workers, Streams streams)
      throws SSLException {
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
                    if (connections.size() >= settings.maxConnections()) {
                      channel.close();
                      return;
                    }
                    connections.add(channel);
                    SslHandler handler = context.newHandler(channel.alloc());
                    handler.setHandshakeTimeout(HANDSHAKE_SECONDS, TimeUnit.SECONDS);
                    handler
                        .engine()
                        .setHandshakeApplicationProtocolSelector(
                            (engine, offered) -> streams.choose(offered));
                    channel
                        .pipeline()
                        .addLast(handler)
                        .addLast(
                            new Negotiation(
                                streams,
                                next ->
                                    speakHttp(next.pipeline(), settings, calls, workers, streams),
                                next -> take(next.channel())));
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

  private void speakHttp(
      ChannelPipeline pipeline,
      HttpSettings settings,
      CallHandler calls,
      Executor workers,
      Streams streams) {
    pipeline
        .addLast(new IdleStateHandler(0, 0, IDLE_SECONDS))
        .addLast(new RequestDeadline(settings.requestSeconds()))
        // before the decoder: so is that of WebSocket, whose decoder answers what is malformed
        .addLast(new HttpResponseEncoder())
        .addLast(new RequestDecoder())
        .addLast(new BodyCollector(settings.maxBodyBytes()))
        // One request at a time, also of those that one read brought.
        .addLast(new FlowControlHandler())
        .addLast(
            new HttpChannel(
                calls, workers, streams, settings.maxBodyBytes() + FRAMING, this::take));
  }

  /** It counts with those of its new protocol from now on. */
  private void take(Channel channel) {
    taken.add(channel);
    connections.remove(channel);
  }

  int port() {
    return ((InetSocketAddress) listener.localAddress()).getPort();
  }

  int connections() {
    return connections.size();
  }

  void close() {
    listener.close().awaitUninterruptibly(1_000);
    connections.close().awaitUninterruptibly(1_000);
    taken.close().awaitUninterruptibly(1_000);
    transport.loops().shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2_000);
  }
}
