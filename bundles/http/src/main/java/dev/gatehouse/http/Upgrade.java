package dev.gatehouse.http;

import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.http.ApiResponse;
import dev.gatehouse.edge.StreamProtocol;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker13;
import io.netty.handler.timeout.IdleStateHandler;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;

/** The opening handshake of a WebSocket (RFC 6455, 4.2). */
final class Upgrade {
  private Upgrade() {}

  /**
   * Checks a request for the path of a protocol.
   *
   * @throws ServiceException INVALID_REQUEST saying what is missing
   */
  static void check(HttpRequest request, StreamProtocol protocol) {
    boolean asks =
        request.headers().containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true)
            && request
                .headers()
                .containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true);
    if (!asks || !request.method().equals(HttpMethod.GET)) {
      throw invalid(protocol.webSocketPath() + " is a WebSocket: send GET with Upgrade: websocket");
    }
    if (!"13".equals(request.headers().get(HttpHeaderNames.SEC_WEBSOCKET_VERSION))) {
      throw invalid("Sec-WebSocket-Version must be 13");
    }
    if (request.headers().getAll(HttpHeaderNames.SEC_WEBSOCKET_KEY).size() != 1) {
      throw invalid("Sec-WebSocket-Key must be sent exactly once"); // RFC 6455, 11.3.1
    }
    if (offered(request).stream().noneMatch(protocol.webSocketSubprotocols()::contains)) {
      // MQTT-6.0.0-3
      throw invalid("Sec-WebSocket-Protocol must offer one of " + protocol.webSocketSubprotocols());
    }
  }

  /** Several lines are one list (RFC 6455, 11.3.4). */
  private static List<String> offered(HttpRequest request) {
    return request.headers().getAll(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL).stream()
        .flatMap(line -> Arrays.stream(line.split(",")))
        .map(String::trim)
        .toList();
  }

  private static ServiceException invalid(String message) {
    return new ServiceException(ErrorCode.INVALID_REQUEST, message);
  }

  /** What a client that did not ask rightly is answered. */
  static ApiResponse refused(ServiceException reason) {
    ApiResponse error = CallContext.UNREAD.error(reason, UUID.randomUUID().toString());
    Map<String, String> headers = new HashMap<>(error.headers());
    headers.put("upgrade", "websocket");
    headers.put("connection", "upgrade");
    headers.put("sec-websocket-version", "13");
    return new ApiResponse(426, headers, error.body());
  }

  /**
   * Answers, and makes of the connection what the protocol wants. On the connection's loop.
   *
   * @param frames begins to count the bytes of a frame, as {@link FrameDecoder} wants it
   */
  static void accept(
      ChannelHandlerContext context,
      HttpRequest request,
      StreamProtocol protocol,
      StreamProtocol.Peer peer,
      int maxFrameBytes,
      Function<Runnable, RequestBytes> frames) {
    ChannelPipeline pipeline = context.pipeline();
    // The handshaker reads the first line only.
    request
        .headers()
        .set(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL, String.join(",", offered(request)));
    WebSocketServerHandshaker13 handshaker =
        new WebSocketServerHandshaker13(
            protocol.webSocketPath(),
            String.join(",", protocol.webSocketSubprotocols()),
            WebSocketDecoderConfig.newBuilder().maxFramePayloadLength(maxFrameBytes).build()) {
          @Override
          protected WebSocketFrameDecoder newWebsocketDecoder() {
            return new FrameDecoder(decoderConfig(), frames);
          }
        };
    handshaker.handshake(
        context.channel(),
        new DefaultFullHttpRequest(
            request.protocolVersion(),
            request.method(),
            request.uri(),
            Unpooled.EMPTY_BUFFER,
            request.headers(),
            EmptyHttpHeaders.INSTANCE));
    pipeline.remove(IdleStateHandler.class);
    pipeline.remove(RequestReader.class);
    pipeline.addLast(new WebSocketStream());
    protocol.take(context.channel(), peer);
    pipeline.remove(HttpChannel.class);
    context.channel().config().setAutoRead(true);
  }
}
