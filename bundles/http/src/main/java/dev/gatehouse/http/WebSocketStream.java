package dev.gatehouse.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.ReferenceCountUtil;

/**
 * Binary frames as the bytes that they carry, however cut [MQTT-6.0.0-2], and bytes as binary
 * frames. Other data ends the connection [MQTT-6.0.0-1].
 */
final class WebSocketStream extends ChannelDuplexHandler {

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    WebSocketFrame frame = (WebSocketFrame) message;
    if (frame instanceof BinaryWebSocketFrame || frame instanceof ContinuationWebSocketFrame) {
      context.fireChannelRead(frame.content());
    } else if (frame instanceof PingWebSocketFrame) {
      if (context.channel().isWritable()) {
        context.writeAndFlush(new PongWebSocketFrame(frame.content()));
      } else {
        ReferenceCountUtil.release(frame); // who does not read need not hear more
      }
    } else if (frame instanceof PongWebSocketFrame) {
      ReferenceCountUtil.release(frame);
    } else {
      boolean goodbye = frame instanceof CloseWebSocketFrame;
      ReferenceCountUtil.release(frame);
      context
          .writeAndFlush(
              new CloseWebSocketFrame(
                  goodbye
                      ? WebSocketCloseStatus.NORMAL_CLOSURE
                      : WebSocketCloseStatus.INVALID_MESSAGE_TYPE))
          .addListener(ChannelFutureListener.CLOSE);
    }
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    context.write(
        message instanceof ByteBuf bytes ? new BinaryWebSocketFrame(bytes) : message, promise);
  }
}
