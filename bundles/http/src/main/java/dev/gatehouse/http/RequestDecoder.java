package dev.gatehouse.http;

import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequestDecoder;

/**
 * Refuses a request that gives its length in two ways. Netty would take one and drop the other,
 * while what stands before the gateway may take the other: that is how requests are smuggled (RFC
 * 9112 section 6.1).
 */
final class RequestDecoder extends HttpRequestDecoder {
  private static final int LINE_BYTES = 8 << 10;
  private static final int HEADER_BYTES = 16 << 10;

  RequestDecoder() {
    super(
        new HttpDecoderConfig()
            .setMaxInitialLineLength(LINE_BYTES)
            .setMaxHeaderSize(HEADER_BYTES)
            .setStrictLineParsing(true)
            .setUseRfc9112TransferEncoding(true));
  }

  @Override
  protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
    throw new IllegalArgumentException("Transfer-Encoding and Content-Length exclude each other");
  }
}
