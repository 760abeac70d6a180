package dev.gatehouse.edge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslClientHelloHandler;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The first handler of a connection over TLS. Reads the ClientHello, waits for the connection's
 * turn, and puts the TLS handler that suits the client in its own place. A client that waits for
 * its turn is not read, and its time does not run.
 */
public final class HandshakeGate extends SslClientHelloHandler<Handshakes.Turn> {
  private static final Logger LOG = LoggerFactory.getLogger(HandshakeGate.class);

  /** Hellos of today's clients, with hybrid key shares, have up to 2 kB. */
  private static final int MAX_HELLO_BYTES = 8 << 10;

  /** What a connection that has sent anything takes at least. */
  private static final int OVERHEAD_BYTES = 256;

  private final ServerTls tls;
  private final Handshakes handshakes;
  private final int timeoutSeconds;
  private final Consumer<ChannelHandlerContext> next;
  private @Nullable ScheduledFuture<?> deadline;
  private Handshakes.@Nullable Turn turn;
  private JavaOnlyClients.@Nullable Client client;
  private boolean natively;
  private long heldBytes;

  /**
   * For one connection.
   *
   * @param timeoutSeconds for the ClientHello, and then for the handshake
   * @param next called on the connection's loop when the handshake begins; adds the handlers behind
   *     TLS
   */
  public HandshakeGate(
      ServerTls tls,
      Handshakes handshakes,
      int timeoutSeconds,
      Consumer<ChannelHandlerContext> next) {
    super(MAX_HELLO_BYTES);
    setCumulator(HandshakeGate::cumulate);
    this.tls = tls;
    this.handshakes = handshakes;
    this.timeoutSeconds = timeoutSeconds;
    this.next = next;
  }

  /** Into a buffer of the very size: what a read is given has room for more, and may wait long. */
  private static ByteBuf cumulate(ByteBufAllocator alloc, ByteBuf before, ByteBuf in) {
    ByteBuf all = Unpooled.buffer(before.readableBytes() + in.readableBytes());
    all.writeBytes(before).writeBytes(in);
    before.release();
    in.release();
    return all;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    deadline = context.executor().schedule(() -> context.close(), timeoutSeconds, TimeUnit.SECONDS);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
    if (message instanceof ByteBuf bytes) {
      long more = (long) bytes.readableBytes() + (heldBytes == 0 ? OVERHEAD_BYTES : 0);
      heldBytes += more;
      if (!handshakes.hold(more)) {
        bytes.release();
        context.close();
        return;
      }
    }
    super.channelRead(context, message);
  }

  @Override
  protected Future<Handshakes.Turn> lookup(
      ChannelHandlerContext context, @Nullable ByteBuf clientHello) {
    forgetDeadline();
    InetAddress address = ((InetSocketAddress) context.channel().remoteAddress()).getAddress();
    if (clientHello != null) {
      ClientHello hello = ClientHello.parse(clientHello);
      client = new JavaOnlyClients.Client(address, hello.hashCode());
      natively = tls.isNative(hello, client);
    }
    Handshakes.Turn asked = handshakes.turn(context.executor(), address);
    turn = asked;
    return asked.granted();
  }

  @Override
  protected void onLookupComplete(ChannelHandlerContext context, Future<Handshakes.Turn> future) {
    if (context.isRemoved() || !context.channel().isActive()) {
      return; // its turn has ended with it
    }
    SslHandler handler;
    try {
      handler = tls.handler(natively, context.alloc());
    } catch (RuntimeException e) { // the listener has closed meanwhile
      exceptionCaught(context, e);
      return;
    }
    handler.setHandshakeTimeout(timeoutSeconds, TimeUnit.SECONDS);
    endWith(handler, future.getNow());
    context.pipeline().addAfter(context.name(), null, handler);
    next.accept(context);
    context.pipeline().remove(this); // passes on what has come
  }

  /** From now on the turn ends with the handshake, no longer with this handler. */
  private void endWith(SslHandler handler, Handshakes.Turn granted) {
    turn = null;
    boolean served = natively;
    JavaOnlyClients.Client kind = client;
    handler
        .handshakeFuture()
        .addListener(
            over -> {
              granted.end();
              if (kind != null) {
                tls.over(handler, served, kind);
              }
            });
  }

  private void forgetDeadline() {
    if (deadline != null) {
      deadline.cancel(false);
      deadline = null;
    }
  }

  @Override
  protected void handlerRemoved0(ChannelHandlerContext context) throws Exception {
    forgetDeadline();
    handshakes.hold(-heldBytes);
    Handshakes.Turn ended = turn;
    if (ended != null) {
      turn = null;
      ended.end();
    }
    super.handlerRemoved0(context);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    LOG.debug(
        "event=hello-refused peer={} reason=\"{}\"",
        context.channel().remoteAddress(),
        cause.toString());
    context.close();
  }
}
