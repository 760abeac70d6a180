package dev.gatehouse.http;

import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.http.ApiResponse;
import dev.gatehouse.api.telemetry.LogText;
import dev.gatehouse.edge.StreamProtocol;
import dev.gatehouse.http.sigv4.SignedRequest;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.timeout.IdleStateEvent;
import java.net.InetSocketAddress;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection: takes whole requests, one at a time, and writes the answers. */
final class HttpChannel extends SimpleChannelInboundHandler<FullHttpRequest> {
  private static final Logger LOG = LoggerFactory.getLogger(HttpChannel.class);

  private final CallHandler calls;
  private final Executor workers;
  private final Streams streams;
  private final int maxFrameBytes;
  private final Consumer<Channel> taken;

  /**
   * One connection.
   *
   * @param taken told before another protocol takes it
   */
  HttpChannel(
      CallHandler calls,
      Executor workers,
      Streams streams,
      int maxFrameBytes,
      Consumer<Channel> taken) {
    this.calls = calls;
    this.workers = workers;
    this.streams = streams;
    this.maxFrameBytes = maxFrameBytes;
    this.taken = taken;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, FullHttpRequest message) {
    context.pipeline().get(RequestDeadline.class).met();
    boolean keepAlive = HttpUtil.isKeepAlive(message);
    boolean head = message.method().equals(HttpMethod.HEAD);
    if (message.decoderResult().isFailure()) {
      write(context, malformed(message.decoderResult().cause()), false, head);
      return;
    }
    Call call;
    try {
      call = call(context, message);
    } catch (ServiceException e) {
      write(context, CallHandler.error(e), false, head);
      return;
    }
    StreamProtocol protocol = streams.byPath(call.request().rawPath());
    if (protocol != null) {
      upgrade(context, message, call, protocol);
      return;
    }
    context.channel().config().setAutoRead(false);
    try {
      workers.execute(
          () ->
              calls
                  .handle(call)
                  .thenAccept(
                      answer ->
                          context
                              .executor()
                              .execute(() -> answered(context, answer, keepAlive, head))));
    } catch (RejectedExecutionException e) {
      answered(context, tooMany(), false, head);
    }
  }

  private static ApiResponse tooMany() {
    return CallHandler.error(
        new ServiceException(ErrorCode.SERVICE_UNAVAILABLE, "too many calls are waiting"));
  }

  /** A request for a WebSocket: authenticated like a call, then given to its protocol. */
  private void upgrade(
      ChannelHandlerContext context, FullHttpRequest message, Call call, StreamProtocol protocol) {
    try {
      Upgrade.check(message, protocol);
    } catch (ServiceException e) {
      write(context, Upgrade.refused(e), false, false);
      return;
    }
    context.channel().config().setAutoRead(false);
    FullHttpRequest request = message.retain();
    try {
      workers.execute(() -> authenticate(context, request, call, protocol));
    } catch (RejectedExecutionException e) {
      request.release();
      answered(context, tooMany(), false, false);
    }
  }

  private void authenticate(
      ChannelHandlerContext context, FullHttpRequest request, Call call, StreamProtocol protocol) {
    StreamProtocol.Peer peer;
    try {
      peer = calls.peer(call);
    } catch (RuntimeException e) {
      request.release();
      ApiResponse answer = calls.refused(call, e);
      context.executor().execute(() -> answered(context, answer, false, false));
      return;
    }
    context
        .executor()
        .execute(
            () -> {
              try {
                if (context.channel().isActive()) {
                  taken.accept(context.channel());
                  Upgrade.accept(context, request, protocol, peer, maxFrameBytes);
                  confirm(context, call, peer);
                }
              } catch (RuntimeException | LinkageError e) {
                LOG.error("event=upgrade-failed peer={}", context.channel().remoteAddress(), e);
                context.close();
              } finally {
                request.release();
              }
            });
  }

  /** From here on the protocol is told of keys that are withdrawn; what of the time before? */
  private void confirm(ChannelHandlerContext context, Call call, StreamProtocol.Peer peer) {
    if (peer.accessKeyId() != null) {
      workers.execute(
          () -> {
            if (!calls.stillSigned(call)) {
              context.close();
            }
          });
    }
  }

  private static void answered(
      ChannelHandlerContext context, ApiResponse answer, boolean keep, boolean head) {
    write(context, answer, keep, head);
    context.channel().config().setAutoRead(true);
  }

  private static Call call(ChannelHandlerContext context, FullHttpRequest message) {
    Map<String, List<String>> headers = new TreeMap<>();
    message
        .headers()
        .forEach(
            header ->
                headers
                    .computeIfAbsent(
                        header.getKey().toLowerCase(Locale.ROOT), name -> new ArrayList<>())
                    .add(header.getValue()));
    if (headers.getOrDefault("host", List.of()).size() != 1) {
      throw invalid("exactly one Host header must be sent");
    }
    List<String> codings = headers.getOrDefault("transfer-encoding", List.of("chunked"));
    if (codings.size() != 1 || !codings.get(0).equalsIgnoreCase("chunked")) {
      throw invalid("of transfer codings only chunked is known, not " + codings);
    }
    String uri = message.uri();
    if (!uri.startsWith("/") || uri.indexOf('#') >= 0) {
      throw invalid("the request target must be a path");
    }
    if (!uri.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      // RFC 3986, 2: the decoder reads bytes as Latin-1, which would be another name.
      throw invalid("the request target has a byte that is not visible ASCII; percent-encode it");
    }
    int question = uri.indexOf('?');
    return new Call(
        new SignedRequest(
            message.method().name(),
            question < 0 ? uri : uri.substring(0, question),
            question < 0 ? "" : uri.substring(question + 1),
            headers,
            ByteBufUtil.getBytes(message.content())),
        certificates(context),
        ((InetSocketAddress) context.channel().remoteAddress()).getAddress().getHostAddress());
  }

  private static ServiceException invalid(String message) {
    return new ServiceException(ErrorCode.INVALID_REQUEST, message);
  }

  private static List<X509Certificate> certificates(ChannelHandlerContext context) {
    List<X509Certificate> chain = new ArrayList<>();
    try {
      SslHandler tls = context.pipeline().get(SslHandler.class);
      for (Certificate certificate : tls.engine().getSession().getPeerCertificates()) {
        chain.add((X509Certificate) certificate);
      }
    } catch (SSLPeerUnverifiedException e) {
      return List.of(); // most callers sign instead
    }
    return chain;
  }

  /** RFC 9110 has statuses of their own for what is too long. */
  private static ApiResponse malformed(Throwable cause) {
    if (cause instanceof TooLongHttpLineException) {
      return status(414, "the request line is too long");
    }
    if (cause instanceof TooLongHttpHeaderException) {
      return status(431, "the headers are too large");
    }
    return CallHandler.error(invalid("the request is malformed: " + cause.getMessage()));
  }

  private static ApiResponse status(int status, String message) {
    ApiResponse error = CallHandler.error(invalid(message));
    return new ApiResponse(status, error.headers(), error.body());
  }

  static void write(
      ChannelHandlerContext context, ApiResponse answer, boolean keepAlive, boolean head) {
    ChannelFuture written = context.writeAndFlush(response(answer, keepAlive, head));
    if (!keepAlive) {
      written.addListener(ChannelFutureListener.CLOSE);
    }
  }

  /** An answer as it is written; each has a request id. */
  static FullHttpResponse response(ApiResponse answer, boolean keepAlive, boolean head) {
    DefaultFullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.valueOf(answer.status()),
            head ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(answer.body()));
    response.headers().set("x-amzn-RequestId", UUID.randomUUID().toString());
    answer.headers().forEach(response.headers()::set); // a call's own id among them
    response.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, answer.body().length);
    if (!keepAlive) {
      response.headers().set(HttpHeaderNames.CONNECTION, "close");
    }
    return response;
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof IdleStateEvent) {
      context.close();
    } else if (event == RequestDeadline.Late.REQUEST) {
      write(context, status(408, "the request took too long to arrive"), false, false);
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
