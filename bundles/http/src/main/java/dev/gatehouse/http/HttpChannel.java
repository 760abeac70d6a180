package dev.gatehouse.http;

import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.http.ApiResponse;
import dev.gatehouse.http.sigv4.SignedRequest;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
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
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection: takes whole requests, one at a time, and writes the answers. */
final class HttpChannel extends SimpleChannelInboundHandler<FullHttpRequest> {
  private static final Logger LOG = LoggerFactory.getLogger(HttpChannel.class);

  private final CallHandler calls;
  private final Executor workers;

  HttpChannel(CallHandler calls, Executor workers) {
    this.calls = calls;
    this.workers = workers;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, FullHttpRequest message) {
    boolean keepAlive = HttpUtil.isKeepAlive(message);
    if (message.decoderResult().isFailure()) {
      refuse(context, "the request is malformed");
      return;
    }
    Call call;
    try {
      call = call(context, message);
    } catch (ServiceException e) {
      write(context, CallHandler.error(e), false);
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
                          context.executor().execute(() -> answered(context, answer, keepAlive))));
    } catch (RejectedExecutionException e) {
      answered(
          context,
          CallHandler.error(
              new ServiceException(ErrorCode.SERVICE_UNAVAILABLE, "too many calls are waiting")),
          false);
    }
  }

  private static void answered(ChannelHandlerContext context, ApiResponse answer, boolean keep) {
    write(context, answer, keep);
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
    if (headers.containsKey("transfer-encoding") && headers.containsKey("content-length")) {
      throw invalid("Transfer-Encoding and Content-Length exclude each other");
    }
    String uri = message.uri();
    if (!uri.startsWith("/") || uri.indexOf('#') >= 0) {
      throw invalid("the request target must be a path");
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

  private static void refuse(ChannelHandlerContext context, String message) {
    write(context, CallHandler.error(invalid(message)), false);
  }

  private static void write(ChannelHandlerContext context, ApiResponse answer, boolean keepAlive) {
    DefaultFullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.valueOf(answer.status()),
            Unpooled.wrappedBuffer(answer.body()));
    answer.headers().forEach(response.headers()::set);
    response.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, answer.body().length);
    if (!keepAlive) {
      response.headers().set(HttpHeaderNames.CONNECTION, "close");
    }
    ChannelFuture written = context.writeAndFlush(response);
    if (!keepAlive) {
      written.addListener(ChannelFutureListener.CLOSE);
    }
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
        cause.toString());
    context.close();
  }
}
