package dev.gatehouse.edge;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.cert.Certificate;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Echoes what comes through TLS, and notes each handshake. */
final class TlsServer implements AutoCloseable {
  private final NioEventLoopGroup loops = new NioEventLoopGroup(1);
  private final Channel listener;
  private final ServerTls tls;
  final Handshakes handshakes;
  final BlockingQueue<Shaken> shaken = new LinkedBlockingQueue<>();

  /**
   * A handshake that is over.
   *
   * @param engine the simple name of the engine's class
   */
  record Shaken(boolean success, String engine, Certificate[] peer) {
    boolean isNative() {
      return engine.contains("OpenSsl");
    }
  }

  TlsServer(FakeIdentity identity, boolean natively, Handshakes.Limits limits) throws Exception {
    tls =
        natively
            ? ServerTls.open(identity, ClientAuth.REQUIRE)
            : ServerTls.java(identity, ClientAuth.REQUIRE);
    handshakes = new Handshakes(limits);
    listener =
        new ServerBootstrap()
            .group(loops)
            .channel(NioServerSocketChannel.class)
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel child) {
                    child
                        .pipeline()
                        .addLast(
                            new HandshakeGate(
                                tls,
                                handshakes,
                                2,
                                context -> context.pipeline().addLast(new Echo())));
                  }
                })
            .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .sync()
            .channel();
  }

  int port() {
    return ((InetSocketAddress) listener.localAddress()).getPort();
  }

  Shaken next() throws InterruptedException {
    return java.util.Objects.requireNonNull(shaken.poll(10, TimeUnit.SECONDS), "no handshake");
  }

  @Override
  public void close() {
    listener.close().syncUninterruptibly();
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    tls.close();
  }

  private final class Echo extends ChannelInboundHandlerAdapter {
    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
      if (event instanceof SslHandshakeCompletionEvent over) {
        var engine = context.pipeline().get(SslHandler.class).engine();
        Certificate[] peer =
            over.isSuccess() ? engine.getSession().getPeerCertificates() : new Certificate[0];
        shaken.add(new Shaken(over.isSuccess(), engine.getClass().getSimpleName(), peer));
      }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      context.writeAndFlush((ByteBuf) message);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close();
    }
  }
}
