package dev.gatehouse.http;

import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.http.ApiResponse;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import org.jspecify.annotations.Nullable;

/** Collects a request's body, up to a limit that is told in AWS's form. */
final class BodyCollector extends HttpObjectAggregator {
  private final int maxBytes;

  BodyCollector(int maxBytes) {
    super(maxBytes, true);
    this.maxBytes = maxBytes;
  }

  @Override
  protected void handleOversizedMessage(ChannelHandlerContext context, HttpMessage oversized) {
    HttpChannel.write(context, tooLarge(), false, false);
  }

  private ApiResponse tooLarge() {
    return CallHandler.error(
        new ServiceException(
            ErrorCode.REQUEST_ENTITY_TOO_LARGE, "the body is larger than " + maxBytes + " bytes"));
  }

  /** To a client that asks before it sends: that it may, or why not, in AWS's form too. */
  @Override
  protected @Nullable Object newContinueResponse(
      HttpMessage start, int maxContentLength, ChannelPipeline pipeline) {
    @Nullable Object answer = super.newContinueResponse(start, maxContentLength, pipeline);
    if (!(answer instanceof FullHttpResponse response) || response.status().code() < 400) {
      return answer;
    }
    response.release();
    boolean large = response.status().equals(HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE);
    return HttpChannel.response(large ? tooLarge() : unexpected(), false, false);
  }

  private static ApiResponse unexpected() {
    ApiResponse error =
        CallHandler.error(
            new ServiceException(
                ErrorCode.INVALID_REQUEST, "of expectations only 100-continue is known"));
    return new ApiResponse(417, error.headers(), error.body()); // RFC 9110 section 15.5.18
  }
}
