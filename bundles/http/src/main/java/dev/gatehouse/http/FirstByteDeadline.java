package dev.gatehouse.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Closes a connection whose client says nothing. A TLS client speaks first, and at once. */
final class FirstByteDeadline extends ChannelInboundHandlerAdapter {
  private static final int SECONDS = 2;

  private @Nullable ScheduledFuture<?> timer;

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    timer = context.executor().schedule(() -> context.close(), SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object bytes) throws Exception {
    context.pipeline().remove(this);
    super.channelRead(context, bytes);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) throws Exception {
    handlerRemoved(context);
    super.channelInactive(context);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    ScheduledFuture<?> running = timer;
    if (running != null) {
      running.cancel(false);
      timer = null;
    }
  }
}
