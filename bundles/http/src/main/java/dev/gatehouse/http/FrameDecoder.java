package dev.gatehouse.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Decodes the frames of a WebSocket (RFC 6455, 5.2). The bytes of a large frame that has not come
 * whole count in the share of calls. If there is no room, the connection is closed with 1013, and
 * so is the one whose frame has been arriving for the longest time when others need the room.
 */
final class FrameDecoder extends WebSocket13FrameDecoder {
  private static final int UNCOUNTED = 4 << 10; // as much as a read brings anyway

  private final Function<Runnable, RequestBytes> begin;
  private @Nullable RequestBytes waiting;
  private int counted;
  private boolean closing;

  /**
   * For one connection.
   *
   * @param begin begins to count; given what to do when the frame must give way, on any thread
   */
  FrameDecoder(WebSocketDecoderConfig config, Function<Runnable, RequestBytes> begin) {
    super(config);
    this.begin = begin;
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out)
      throws Exception {
    if (closing) {
      in.skipBytes(in.readableBytes());
      return;
    }
    super.decode(context, in, out);
    int unread = in.readableBytes();
    if (unread < counted) {
      release();
    }
    if (unread > UNCOUNTED && out.isEmpty() && !count(context, unread)) {
      close(context);
    }
  }

  /** Whether there is room for all that has come of a frame. */
  private boolean count(ChannelHandlerContext context, int bytes) {
    RequestBytes frame = waiting;
    if (frame == null) {
      frame = begin.apply(() -> context.executor().execute(() -> close(context)));
      waiting = frame;
      if (!frame.callerIsKnown()) {
        return false;
      }
      frame.arriving();
    }
    int more = bytes - counted;
    counted = bytes;
    return frame.grow(more);
  }

  private void close(ChannelHandlerContext context) {
    if (!closing) {
      closing = true;
      release();
      context
          .writeAndFlush(new CloseWebSocketFrame(WebSocketCloseStatus.TRY_AGAIN_LATER))
          .addListener(ChannelFutureListener.CLOSE);
    }
  }

  private void release() {
    RequestBytes frame = waiting;
    waiting = null;
    counted = 0;
    if (frame != null) {
      frame.release();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) throws Exception {
    closing = true; // the decoder is given what is left once more
    release();
    super.channelInactive(context);
  }
}
