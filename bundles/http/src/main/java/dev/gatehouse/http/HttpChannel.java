package dev.gatehouse.http;

import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.http.ApiResponse;
import dev.gatehouse.api.telemetry.LogText;
import dev.gatehouse.edge.StreamProtocol;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.UUID;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection: hands whole requests, one at a time, to workers, and writes the answers. */
final class HttpChannel extends SimpleChannelInboundHandler<IncomingRequest> {
  private static final Logger LOG = LoggerFactory.getLogger(HttpChannel.class);
  private static final int ANSWER_SECONDS = 30; // in which a client must take an answer
  private static final int FRAMING = 64 << 10; // of a packet, beside its payload

  private final HttpSettings settings;
  private final HttpServices services;
  private final RequestReader reader;
  private final Consumer<Channel> taken;

  /**
   * One connection.
   *
   * @param taken told before another protocol takes it
   */
  HttpChannel(
      HttpSettings settings, HttpServices services, RequestReader reader, Consumer<Channel> taken) {
    this.settings = settings;
    this.services = services;
    this.reader = reader;
    this.taken = taken;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, IncomingRequest request) {
    StreamProtocol protocol = services.streams().byPath(request.call().request().rawPath());
    if (protocol != null) {
      upgrade(context, request, protocol);
      return;
    }
    boolean keepAlive = request.keepAlive();
    try {
      services
          .workers()
          .execute(
              () ->
                  services
                      .calls()
                      .handle(request.call())
                      .thenAccept(
                          answer ->
                              context
                                  .executor()
                                  .execute(() -> answered(context, request, answer, keepAlive))));
    } catch (RejectedExecutionException e) {
      answered(context, request, tooMany(request), false);
    }
  }

  private ApiResponse tooMany(IncomingRequest request) {
    return services
        .calls()
        .error(
            request.call(),
            new ServiceException(ErrorCode.SERVICE_UNAVAILABLE, "too many calls are waiting"));
  }

  /** A request for a WebSocket: authenticated like a call, then given to its protocol. */
  private void upgrade(
      ChannelHandlerContext context, IncomingRequest request, StreamProtocol protocol) {
    try {
      Upgrade.check(request.head(), protocol);
    } catch (ServiceException e) {
      answered(context, request, Upgrade.refused(e), false);
      return;
    }
    try {
      services.workers().execute(() -> authenticate(context, request, protocol));
    } catch (RejectedExecutionException e) {
      answered(context, request, tooMany(request), false);
    }
  }

  private void authenticate(
      ChannelHandlerContext context, IncomingRequest request, StreamProtocol protocol) {
    StreamProtocol.Peer peer;
    try {
      peer = services.calls().peer(request.call());
    } catch (RuntimeException e) {
      ApiResponse answer = services.calls().refused(request.call(), e);
      context.executor().execute(() -> answered(context, request, answer, false));
      return;
    }
    context
        .executor()
        .execute(
            () -> {
              request.call().bytes().release();
              try {
                if (context.channel().isActive()) {
                  taken.accept(context.channel());
                  Upgrade.accept(
                      context,
                      request.head(),
                      protocol,
                      peer,
                      settings.maxBodyBytes() + FRAMING,
                      request.call().bytes()::another);
                  confirm(context, request.call(), peer);
                }
              } catch (RuntimeException | LinkageError e) {
                LOG.error("event=upgrade-failed peer={}", context.channel().remoteAddress(), e);
                context.close();
              }
            });
  }

  /** From here on the protocol is told of keys that are withdrawn; what of the time before? */
  private void confirm(ChannelHandlerContext context, Call call, StreamProtocol.Peer peer) {
    if (peer.accessKeyId() != null) {
      services
          .workers()
          .execute(
              () -> {
                if (!services.calls().stillSigned(call)) {
                  context.close();
                }
              });
    }
  }

  /**
   * The next request is read when this answer is written: answers that nobody reads would pile up
   * otherwise.
   */
  private void answered(
      ChannelHandlerContext context, IncomingRequest request, ApiResponse answer, boolean keep) {
    request.call().bytes().force(answer.body().length);
    ChannelFuture written = write(context, answer, keep, request.asksForHead());
    if (written.isDone()) {
      reader.answered(request, keep && written.isSuccess());
      return;
    }
    ScheduledFuture<?> limit =
        context.executor().schedule(() -> context.close(), ANSWER_SECONDS, TimeUnit.SECONDS);
    written.addListener(
        done -> {
          limit.cancel(false);
          reader.answered(request, keep && done.isSuccess());
        });
  }

  static ChannelFuture write(
      ChannelHandlerContext context, ApiResponse answer, boolean keepAlive, boolean head) {
    ChannelFuture written = context.writeAndFlush(response(answer, keepAlive, head));
    if (!keepAlive) {
      written.addListener(ChannelFutureListener.CLOSE);
    }
    return written;
  }

  /** An answer as it is written; each has a request id. */
  static FullHttpResponse response(ApiResponse answer, boolean keepAlive, boolean head) {
    DefaultFullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.valueOf(answer.status()),
            head ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(answer.body()));
    answer.headers().forEach(response.headers()::set);
    if (!response.headers().contains("x-amzn-RequestId")) {
      response.headers().set("x-amzn-RequestId", UUID.randomUUID().toString());
    }
    if (!head || !response.headers().contains(HttpHeaderNames.CONTENT_LENGTH)) {
      response.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, answer.body().length);
    }
    if (!keepAlive) {
      response.headers().set(HttpHeaderNames.CONNECTION, "close");
    }
    return response;
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof IdleStateEvent) {
      context.close();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    LOG.debug(
        "event=connection-failed peer={} reason=\"{}\"",
        context.channel().remoteAddress(),
        LogText.printable(cause.toString()));
    context.close();
  }
}
