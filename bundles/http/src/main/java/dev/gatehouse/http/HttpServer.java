package dev.gatehouse.http;

import dev.gatehouse.api.identity.TlsIdentity;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetSocketAddress;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;

/** The listener: TLS, HTTP/1.1, limits. */
final class HttpServer {
  private static final int IDLE_SECONDS = 65;
  private static final int HANDSHAKE_SECONDS = 5;
  private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final EventLoopGroup loops =
      new NioEventLoopGroup(1, new DefaultThreadFactory("gatehouse-http-loop", true));
  private final Channel listener;

  /** Binds. */
  HttpServer(HttpSettings settings, TlsIdentity tls, CallHandler calls, Executor workers)
      throws SSLException {
    SslContext context =
        SslContextBuilder.forServer(tls.serverKeys())
            .sslProvider(SslProvider.JDK)
            .trustManager(tls.deviceTrust())
            .clientAuth(ClientAuth.OPTIONAL)
            .protocols(tls.protocols())
            .ciphers(tls.cipherSuites())
            .build();
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(loops)
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_BACKLOG, 1024)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel channel) {
                    if (connections.size() >= settings.maxConnections()) {
                      channel.close();
                      return;
                    }
                    connections.add(channel);
                    SslHandler handler = context.newHandler(channel.alloc());
                    handler.setHandshakeTimeout(HANDSHAKE_SECONDS, TimeUnit.SECONDS);
                    channel
                        .pipeline()
                        .addLast(handler)
                        .addLast(new IdleStateHandler(0, 0, IDLE_SECONDS))
                        .addLast(new RequestDeadline(settings.requestSeconds()))
                        .addLast(new RequestDecoder())
                        .addLast(new HttpResponseEncoder())
                        .addLast(new BodyCollector(settings.maxBodyBytes()))
                        // One request at a time, also of those that one read brought.
                        .addLast(new FlowControlHandler())
                        .addLast(new HttpChannel(calls, workers));
                  }
                });
    InetSocketAddress address =
        settings.host().isEmpty()
            ? new InetSocketAddress(settings.port())
            : new InetSocketAddress(settings.host(), settings.port());
    try {
      listener = bootstrap.bind(address).syncUninterruptibly().channel();
    } catch (RuntimeException e) {
      loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
      throw e;
    }
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
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2_000);
  }
}
