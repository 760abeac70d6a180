package dev.gatehouse.http;

import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObjectAggregator;

/** Collects a request's body, up to a limit that is told in AWS's form. */
final class BodyCollector extends HttpObjectAggregator {
  private final int maxBytes;

  BodyCollector(int maxBytes) {
    super(maxBytes, true);
    this.maxBytes = maxBytes;
  }

  @Override
  protected void handleOversizedMessage(ChannelHandlerContext context, HttpMessage oversized) {
    HttpChannel.write(
        context,
        CallHandler.error(
            new ServiceException(
                ErrorCode.REQUEST_ENTITY_TOO_LARGE,
                "the body is larger than " + maxBytes + " bytes")),
        false,
        false);
  }
}
