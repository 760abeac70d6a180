package dev.gatehouse.mqtt;

import dev.gatehouse.api.telemetry.Endpoint;
import dev.gatehouse.edge.StreamProtocol;
import dev.gatehouse.edge.Transport;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** One listener, with or without TLS. */
final class MqttListener implements Endpoint {
  private static final WriteBufferWaterMark BUFFER =
      new WriteBufferWaterMark(64 << 10, 256 << 10); // per slow reader

  private static final ReadSizes READS = new ReadSizes();

  private final String name;
  private final Channel channel;

  /** Binds; without a TLS context the connections are plaintext. */
  MqttListener(
      String name,
      InetSocketAddress address,
      @Nullable SslContext tls,
      Transport transport,
      MqttStream stream,
      IntSupplier connectSeconds) {
    this.name = name;
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(transport.loops())
            .channel(transport.listener())
            .option(ChannelOption.SO_BACKLOG, 4096)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.SO_KEEPALIVE, true)
            .childOption(ChannelOption.RCVBUF_ALLOCATOR, READS)
            .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, BUFFER)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel child) {
                    if (!stream.admit(child)) {
                      return;
                    }
                    if (tls != null) {
                      SslHandler handler = tls.newHandler(child.alloc());
                      handler.setHandshakeTimeout(connectSeconds.getAsInt(), TimeUnit.SECONDS);
                      child.pipeline().addLast(handler);
                    }
                    stream.add(child, StreamProtocol.Peer.ofTls(false));
                  }
                });
    channel = bootstrap.bind(address).syncUninterruptibly().channel();
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int port() {
    return ((InetSocketAddress) channel.localAddress()).getPort();
  }

  void close() {
    channel.close().awaitUninterruptibly(1_000);
  }
}
