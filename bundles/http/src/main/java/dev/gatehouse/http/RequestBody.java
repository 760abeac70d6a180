package dev.gatehouse.http;

import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/** The body of a request while it arrives: in one array, so that it costs what is counted. */
final class RequestBody {
  private static final byte[] NONE = {};

  private byte[] bytes = NONE;
  private int length;
  private long expected; // -1: not told
  private int limit;

  /**
   * A new body.
   *
   * @param contentLength as the head tells it; -1 if it does not
   * @throws ServiceException REQUEST_ENTITY_TOO_LARGE if that is more than the limit
   */
  void begin(long contentLength, int limitBytes) {
    expected = contentLength;
    limit = limitBytes;
    if (contentLength > limitBytes) {
      throw tooLarge();
    }
  }

  private ServiceException tooLarge() {
    return new ServiceException(
        ErrorCode.REQUEST_ENTITY_TOO_LARGE, "the body is larger than " + limit + " bytes");
  }

  int length() {
    return length;
  }

  /**
   * Copies a piece; false if there is no memory for it.
   *
   * @throws ServiceException REQUEST_ENTITY_TOO_LARGE beyond the limit
   */
  boolean append(ByteBuf piece, RequestBytes counted) {
    int more = piece.readableBytes();
    if (more > limit - length) {
      throw tooLarge();
    }
    if (more > bytes.length - length) {
      long most = expected < 0 ? limit : expected;
      // A body that comes in one piece gets an array of its size.
      int capacity = (int) Math.max(length + more, Math.min(most, 2L * bytes.length));
      if (!resize(capacity, counted)) {
        return false;
      }
    }
    piece.readBytes(bytes, length, more);
    length += more;
    return true;
  }

  /** Takes the memory for all of the body, if its length is told. */
  boolean reserve(RequestBytes counted) {
    return expected <= bytes.length || resize((int) expected, counted);
  }

  private boolean resize(int capacity, RequestBytes counted) {
    if (!counted.grow(capacity - bytes.length)) {
      return false;
    }
    bytes = Arrays.copyOf(bytes, capacity);
    return true;
  }

  /** The whole body; the next one begins empty. */
  byte[] take() {
    byte[] whole = length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
    bytes = NONE;
    length = 0;
    return whole;
  }
}
