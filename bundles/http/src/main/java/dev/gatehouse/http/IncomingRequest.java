package dev.gatehouse.http;

import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.http.sigv4.SignedRequest;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import javax.net.ssl.SSLPeerUnverifiedException;

/**
 * A request on a connection.
 *
 * @param head as it was decoded
 * @param call as operations see it
 */
record IncomingRequest(HttpRequest head, Call call) {
  private static final int QUERY_PARAMETERS = 200;

  /**
   * A request whose head is there, and whose body is still to come.
   *
   * @throws ServiceException INVALID_REQUEST saying what is wrong with the head
   */
  static IncomingRequest of(
      ChannelHandlerContext context, HttpRequest message, RequestBytes bytes) {
    Map<String, List<String>> headers = new TreeMap<>();
    message
        .headers()
        .forEach(
            header ->
                headers
                    .computeIfAbsent(
                        header.getKey().toLowerCase(Locale.ROOT), name -> new ArrayList<>(1))
                    .add(header.getValue()));
    if (headers.getOrDefault("host", List.of()).size() != 1) {
      throw invalid("exactly one Host header must be sent");
    }
    List<String> codings = headers.getOrDefault("transfer-encoding", List.of("chunked"));
    if (codings.size() != 1 || !codings.get(0).equalsIgnoreCase("chunked")) {
      throw invalid("of transfer codings only chunked is known, not " + codings);
    }
    String uri = message.uri();
    checkTarget(uri);
    int question = uri.indexOf('?');
    SignedRequest request =
        new SignedRequest(
            message.method().name(),
            question < 0 ? uri : uri.substring(0, question),
            question < 0 ? "" : uri.substring(question + 1),
            headers,
            SignedRequest.BODY_FOLLOWS);
    InetSocketAddress peer = (InetSocketAddress) context.channel().remoteAddress();
    return new IncomingRequest(
        message,
        new Call(request, certificates(context), peer.getAddress().getHostAddress(), bytes));
  }

  private static void checkTarget(String uri) {
    if (!uri.startsWith("/") || uri.indexOf('#') >= 0) {
      throw invalid("the request target must be a path");
    }
    if (!uri.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      // RFC 3986, 2: the decoder reads bytes as Latin-1, which would be another name.
      throw invalid("the request target has a byte that is not visible ASCII; percent-encode it");
    }
    // Each parameter costs some 250 bytes of heap, whatever is in it.
    if (uri.chars().filter(c -> c == '&').count() >= QUERY_PARAMETERS) {
      throw invalid("the query has more than " + QUERY_PARAMETERS + " parameters");
    }
  }

  /** The whole request. */
  IncomingRequest withBody(byte[] body) {
    SignedRequest request = call.request();
    return new IncomingRequest(
        head,
        new Call(
            new SignedRequest(
                request.method(), request.rawPath(), request.rawQuery(), request.headers(), body),
            call.certificates(),
            call.sourceIp(),
            call.bytes()));
  }

  boolean keepAlive() {
    return HttpUtil.isKeepAlive(head);
  }

  /** Whether its answer has no body. */
  boolean asksForHead() {
    return head.method().equals(HttpMethod.HEAD);
  }

  private static ServiceException invalid(String message) {
    return new ServiceException(ErrorCode.INVALID_REQUEST, message);
  }

  private static List<X509Certificate> certificates(ChannelHandlerContext context) {
    List<X509Certificate> chain = new ArrayList<>(2);
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
}
