package dev.gatehouse.calls;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Locale;
import javax.net.ssl.SSLSocket;

/** One kept connection that makes signed calls, one at a time. */
final class Caller implements AutoCloseable {
  private final SSLSocket socket;
  private final InputStream in;
  private final Signer signer;
  private final String host;

  Caller(Target target, String service) throws IOException {
    socket = (SSLSocket) target.tls().getSocketFactory().createSocket("127.0.0.1", target.port());
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(30_000);
    socket.startHandshake();
    in = new BufferedInputStream(socket.getInputStream(), 64 << 10);
    signer = new Signer(target.keyId(), target.secret(), target.region(), service);
    host = "localhost:" + target.port();
  }

  /** The body of a call that must succeed. */
  String call(String method, String path, String query, String body)
      throws IOException, GeneralSecurityException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    String head =
        method
            + " "
            + path
            + (query.isEmpty() ? "" : "?" + query)
            + " HTTP/1.1\r\nHost: "
            + host
            + "\r\n"
            + signer.headers(method, path, query, host, bytes)
            + "Content-Length: "
            + bytes.length
            + "\r\n\r\n";
    ByteArrayOutputStream request = new ByteArrayOutputStream();
    request.writeBytes(head.getBytes(StandardCharsets.US_ASCII));
    request.writeBytes(bytes);
    socket.getOutputStream().write(request.toByteArray());
    String status = line();
    int length = 0;
    for (String line = line(); !line.isEmpty(); line = line()) {
      if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
        length = Integer.parseInt(line.substring("content-length:".length()).trim());
      }
    }
    String answer = new String(in.readNBytes(length), StandardCharsets.UTF_8);
    if (!status.startsWith("HTTP/1.1 200")) {
      throw new IOException(method + " " + path + ": " + status + " " + answer);
    }
    return answer;
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new IOException("the gateway closed the connection");
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
