package dev.gatehouse.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpHeadersFactory;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import java.util.List;

/**
 * Decodes one request at a time: bytes behind it stay bytes, which take far less heap than the
 * requests that they spell, until {@link #resume}.
 *
 * <p>Refuses a request that gives its length in two ways. Netty would take one and drop the other,
 * while a proxy before the gateway may take the other: that is how requests are smuggled (RFC 9112
 * section 6.1).
 */
final class RequestDecoder extends HttpRequestDecoder {
  private static final int LINE_BYTES = 8 << 10;
  private static final int HEADER_BYTES = 16 << 10;
  private static final int HEADER_LINES = 100;

  private final RequestReader reader;
  private boolean paused;

  /** For one connection, whose reader hears of bytes before they are decoded. */
  RequestDecoder(RequestReader reader) {
    super(
        new HttpDecoderConfig()
            .setMaxInitialLineLength(LINE_BYTES)
            .setMaxHeaderSize(HEADER_BYTES)
            .setHeadersFactory(new LimitedHeadersFactory(reader))
            .setTrailersFactory(new LimitedHeadersFactory(reader))
            .setStrictLineParsing(true)
            .setUseRfc9112TransferEncoding(true));
    this.reader = reader;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
    if (!paused && message instanceof ByteBuf bytes) {
      reader.received(bytes.readableBytes());
    }
    super.channelRead(context, message);
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf bytes, List<Object> out)
      throws Exception {
    if (!paused) {
      super.decode(context, bytes, out);
    }
  }

  void pause() {
    paused = true;
  }

  boolean isPaused() {
    return paused;
  }

  /** Goes on with the bytes that are there. On the connection's event loop. */
  void resume(ChannelHandlerContext context) throws Exception {
    paused = false;
    int left = actualReadableBytes();
    if (left > 0) {
      reader.received(left);
      super.channelRead(context, Unpooled.EMPTY_BUFFER);
    }
  }

  @Override
  protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
    throw new IllegalArgumentException("Transfer-Encoding and Content-Length exclude each other");
  }

  private record LimitedHeadersFactory(RequestReader reader) implements HttpHeadersFactory {
    @Override
    public HttpHeaders newHeaders() {
      return new LimitedHeaders(reader);
    }

    @Override
    public HttpHeaders newEmptyHeaders() {
      return newHeaders();
    }
  }

  /** Each line costs some 160 bytes of heap, whatever is in it. */
  private static final class LimitedHeaders extends DefaultHttpHeaders {
    private final RequestReader reader;

    LimitedHeaders(RequestReader reader) {
      this.reader = reader;
    }

    @Override
    public HttpHeaders add(CharSequence name, Object value) {
      if (size() >= HEADER_LINES) {
        throw new TooLongHttpHeaderException("more than " + HEADER_LINES + " header lines");
      }
      reader.headerLine();
      return super.add(name, value);
    }
  }
}
