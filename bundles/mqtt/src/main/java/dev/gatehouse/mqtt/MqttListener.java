package dev.gatehouse.mqtt;

import dev.gatehouse.api.telemetry.Endpoint;
import dev.gatehouse.edge.HandshakeGate;
import dev.gatehouse.edge.Handshakes;
import dev.gatehouse.edge.ServerTls;
import dev.gatehouse.edge.StreamProtocol;
import dev.gatehouse.edge.Transport;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import java.net.InetSocketAddress;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** One listener, with or without TLS. */
final class MqttListener implements Endpoint {
  private static final WriteBufferWaterMark BUFFER =
      new WriteBufferWaterMark(64 << 10, 256 << 10); // per slow reader

  private static final ReadSizes READS = new ReadSizes();

  private final String name;
  private final Channel channel;
  private final @Nullable ServerTls tls;
  private final Handshakes handshakes = new Handshakes(Handshakes.Limits.ofProcess());

  /** Binds; without TLS engines the connections are plaintext. Closes the engines at its end. */
  MqttListener(
      String name,
      InetSocketAddress address,
      @Nullable ServerTls tls,
      Transport transport,
      MqttStream stream,
      IntSupplier connectSeconds) {
    this.name = name;
    this.tls = tls;
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
                    StreamProtocol.Peer peer = StreamProtocol.Peer.ofTls(false);
                    if (tls == null) {
                      stream.add(child, peer);
                    } else {
                      child
                          .pipeline()
                          .addLast(
                              new HandshakeGate(
                                  tls,
                                  handshakes,
                                  connectSeconds.getAsInt(),
                                  context -> stream.add(context.channel(), peer)));
                    }
                  }
                });
    channel = bootstrap.bind(address).syncUninterruptibly().channel();
  }

  /** The handshakes of its connections; none ever, of a plaintext listener. */
  Handshakes handshakes() {
    return handshakes;
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
    if (tls != null) {
      tls.close();
    }
  }
}
