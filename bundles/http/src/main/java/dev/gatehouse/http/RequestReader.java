package dev.gatehouse.http;

import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.http.ApiResponse;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Collects the requests of a connection, one at a time, and counts their bytes. A large body is
 * read only after the head has shown who sends it. A request has a time limit from its first byte
 * to its last. On the connection's event loop.
 */
final class RequestReader extends ChannelInboundHandlerAdapter {
  private static final int HEAD_FACTOR = 2; // heap bytes of a byte of the head
  private static final int HEADER_BYTES = 160; // heap bytes of a header line, beside its text

  private final HttpSettings settings;
  private final HttpServices services;
  private final ConnectionPlace place;
  private final RequestDecoder decoder = new RequestDecoder(this);
  private final RequestBody body = new RequestBody();
  private @Nullable ChannelHandlerContext context;
  private @Nullable RequestBytes bytes; // of the request that is being received
  private @Nullable IncomingRequest incoming; // once its head is there
  private @Nullable ScheduledFuture<?> deadline;
  private boolean checked; // whether the head has shown who sends it
  private boolean calling;
  private boolean refused;

  /** For one connection. */
  RequestReader(HttpSettings settings, HttpServices services, ConnectionPlace place) {
    this.settings = settings;
    this.services = services;
    this.place = place;
  }

  RequestDecoder decoder() {
    return decoder;
  }

  /** The place of this connection. */
  ConnectionPlace place() {
    return place;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    context = added;
  }

  private ChannelHandlerContext context() {
    ChannelHandlerContext added = context;
    if (added == null) {
      throw new IllegalStateException("the reader is in no pipeline");
    }
    return added;
  }

  /** Called before bytes are decoded. */
  void received(int count) {
    if (refused || calling || count == 0) {
      return;
    }
    RequestBytes counted = bytes;
    if (counted == null) {
      counted = services.memory().begin(place, this::displaced);
      bytes = counted;
      deadline =
          context().executor().schedule(this::tooLate, settings.requestSeconds(), TimeUnit.SECONDS);
    }
    if (incoming == null && !counted.grow((long) HEAD_FACTOR * count)) {
      refuse(overloaded());
    }
  }

  /** Called for each line of a head. */
  void headerLine() {
    RequestBytes counted = bytes;
    if (counted != null && !refused && !counted.grow(HEADER_BYTES)) {
      refuse(overloaded());
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext from, Object message) {
    if (!(message instanceof HttpObject)) {
      from.fireChannelRead(message); // of the protocol that takes over
      return;
    }
    try {
      RequestBytes counted = bytes;
      if (refused || counted == null) {
        return;
      }
      if (message instanceof HttpRequest head) {
        begin(head, counted);
      }
      if (message instanceof HttpContent content && !refused) {
        append(content, counted);
      }
    } catch (ServiceException e) {
      refuse(e);
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext from) {
    mayHaveToGiveWay();
    from.fireChannelReadComplete();
  }

  private void mayHaveToGiveWay() {
    RequestBytes counted = bytes;
    if (counted != null && !calling && !refused) {
      counted.arriving();
    }
  }

  private void begin(HttpRequest head, RequestBytes counted) {
    if (head.decoderResult().isFailure()) {
      refuse(malformed(head.decoderResult().cause()));
      return;
    }
    IncomingRequest request = IncomingRequest.of(context(), head, counted);
    incoming = request;
    String expected = head.headers().get(HttpHeaderNames.EXPECT);
    if (expected != null && !HttpHeaderValues.CONTINUE.contentEqualsIgnoreCase(expected)) {
      refuse(refusal(417, "of expectations only 100-continue is known")); // RFC 9110, 15.5.18
      return;
    }
    long length = HttpUtil.getContentLength(head, -1L);
    body.begin(length, services.calls().bodyLimit(request.call(), length, settings.maxBodyBytes()));
    if (length > CallHandler.SMALL_BODY) {
      check();
    } else if (expected != null) {
      goOn();
    }
  }

  private void append(HttpContent content, RequestBytes counted) {
    if (content.decoderResult().isFailure()) {
      refuse(malformed(content.decoderResult().cause()));
      return;
    }
    ByteBuf piece = content.content();
    if (!body.append(piece, counted)) {
      throw overloaded();
    }
    if (content instanceof LastHttpContent) {
      complete(counted);
    } else if (!checked && body.length() > CallHandler.SMALL_BODY) {
      check();
    }
  }

  /** Asks who sends this before more of it is read. */
  private void check() {
    pause();
    IncomingRequest request = incoming;
    if (request == null) {
      throw new IllegalStateException("there is no head to check");
    }
    try {
      services
          .workers()
          .execute(
              () ->
                  services
                      .calls()
                      .checkHead(request.call())
                      .whenComplete(
                          (refusal, never) ->
                              context().executor().execute(() -> checked(request, refusal))));
    } catch (RejectedExecutionException e) {
      throw overloaded();
    }
  }

  private void checked(IncomingRequest request, @Nullable ApiResponse refusal) {
    RequestBytes counted = bytes;
    if (refused || counted == null || !context().channel().isActive()) {
      return;
    }
    if (refusal != null) {
      refuse(refusal);
    } else if (!body.reserve(counted)) {
      refuse(overloaded());
    } else {
      checked = true;
      if (HttpUtil.is100ContinueExpected(request.head())) {
        goOn();
      }
      resume();
    }
  }

  private void goOn() {
    context()
        .writeAndFlush(
            new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE));
  }

  private void complete(RequestBytes counted) {
    IncomingRequest request = incoming;
    if (request == null) {
      throw new IllegalStateException("a body has no head");
    }
    cancelDeadline();
    counted.arrived();
    calling = true;
    place.callBegins();
    pause();
    context().fireChannelRead(request.withBody(body.take()));
  }

  /** The answer is written: the next request may come. */
  void answered(IncomingRequest request, boolean keepAlive) {
    request.call().bytes().release();
    place.callEnds(System.nanoTime());
    if (!keepAlive || refused) {
      return;
    }
    calling = false;
    checked = false;
    incoming = null;
    bytes = null;
    resume();
  }

  private void pause() {
    decoder.pause();
    context().channel().config().setAutoRead(false);
  }

  private void resume() {
    try {
      decoder.resume(context().pipeline().context(decoder));
    } catch (Exception e) {
      context().fireExceptionCaught(e);
      return;
    }
    mayHaveToGiveWay();
    if (!decoder.isPaused()) {
      context().channel().config().setAutoRead(true);
    }
  }

  private void displaced() {
    context()
        .executor()
        .execute(
            () -> {
              if (!calling) {
                refuse(overloaded());
              }
            });
  }

  private static ServiceException overloaded() {
    return new ServiceException(
        ErrorCode.SERVICE_UNAVAILABLE,
        "the memory for calls is used up by others at the moment; try again");
  }

  private void tooLate() {
    refuse(refusal(408, "the request took too long to arrive"));
  }

  private void refuse(ServiceException reason) {
    IncomingRequest request = incoming;
    refuse(services.calls().error(request == null ? null : request.call(), reason));
  }

  /** Answers and closes; nothing more of this connection is decoded. */
  private void refuse(ApiResponse answer) {
    if (refused || !context().channel().isActive()) {
      return;
    }
    refused = true;
    decoder.pause();
    cancelDeadline();
    if (bytes != null) {
      bytes.release();
    }
    IncomingRequest request = incoming;
    HttpChannel.write(context(), answer, false, request != null && request.asksForHead());
  }

  private ApiResponse refusal(int status, String message) {
    IncomingRequest request = incoming;
    ApiResponse error =
        services
            .calls()
            .error(
                request == null ? null : request.call(),
                new ServiceException(ErrorCode.INVALID_REQUEST, message));
    return new ApiResponse(status, error.headers(), error.body());
  }

  /** RFC 9110 and RFC 6585 have statuses of their own for what is too long. */
  private ApiResponse malformed(Throwable cause) {
    if (cause instanceof TooLongHttpLineException) {
      return refusal(414, "the request line is too long");
    }
    if (cause instanceof TooLongHttpHeaderException) {
      return refusal(431, "the headers are too large");
    }
    return refusal(400, "the request is malformed: " + cause.getMessage());
  }

  private void cancelDeadline() {
    ScheduledFuture<?> running = deadline;
    if (running != null) {
      running.cancel(false);
      deadline = null;
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext from) throws Exception {
    cancelDeadline();
    if (bytes != null && !calling) {
      bytes.release();
    }
    super.channelInactive(from);
  }
}
