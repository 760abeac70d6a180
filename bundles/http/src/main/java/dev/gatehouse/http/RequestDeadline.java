package dev.gatehouse.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Bounds the time from a request's first byte to its last, which a slow sender could otherwise draw
 * out for as long as it likes without ever being idle. Stands before the decoder.
 */
final class RequestDeadline extends ChannelInboundHandlerAdapter {
  private final int seconds;
  private @Nullable ScheduledFuture<?> timer;

  RequestDeadline(int seconds) {
    this.seconds = seconds;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object bytes) throws Exception {
    if (timer == null) {
      timer = context.executor().schedule(() -> late(context), seconds, TimeUnit.SECONDS);
    }
    super.channelRead(context, bytes);
  }

  /** A whole request is there. */
  void met() {
    ScheduledFuture<?> running = timer;
    if (running != null) {
      running.cancel(false);
      timer = null;
    }
  }

  private static void late(ChannelHandlerContext context) {
    context.pipeline().fireUserEventTriggered(Late.REQUEST);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) throws Exception {
    met();
    super.channelInactive(context);
  }

  /** The event that says so. */
  enum Late {
    REQUEST
  }
}
