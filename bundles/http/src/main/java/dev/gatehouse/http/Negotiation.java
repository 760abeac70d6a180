package dev.gatehouse.http;

import dev.gatehouse.api.telemetry.LogText;
import dev.gatehouse.edge.StreamProtocol;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes of a connection what its TLS handshake agreed on. */
final class Negotiation extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(Negotiation.class);

  private final Streams streams;
  private final Consumer<ChannelHandlerContext> http;
  private final Consumer<ChannelHandlerContext> taken;

  /**
   * For one connection.
   *
   * @param http makes it speak HTTP
   * @param taken told before another protocol takes it
   */
  Negotiation(
      Streams streams,
      Consumer<ChannelHandlerContext> http,
      Consumer<ChannelHandlerContext> taken) {
    this.streams = streams;
    this.http = http;
    this.taken = taken;
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (!(event instanceof SslHandshakeCompletionEvent handshake)) {
      context.fireUserEventTriggered(event);
    } else if (handshake.isSuccess()) {
      begin(context);
    } else {
      LOG.debug(
          "event=handshake-failed peer={} reason=\"{}\"",
          context.channel().remoteAddress(),
          LogText.printable(handshake.cause().toString()));
      context.close();
    }
  }

  private void begin(ChannelHandlerContext context) {
    String name = context.pipeline().get(SslHandler.class).engine().getApplicationProtocol();
    if (name == null || name.isEmpty() || name.equals(Streams.HTTP)) {
      http.accept(context);
      context.pipeline().remove(this);
      return;
    }
    StreamProtocol protocol = streams.byName(name);
    if (protocol == null) {
      context.close(); // its bundle went in between
      return;
    }
    taken.accept(context);
    protocol.take(context.channel(), StreamProtocol.Peer.ofTls(false));
    context.pipeline().remove(this);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    context.close();
  }
}
