package dev.gatehouse.actions.http;

import dev.gatehouse.api.rules.action.ActionFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.hc.client5.http.async.methods.AbstractBinResponseConsumer;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpResponse;
import org.jspecify.annotations.Nullable;

/** Reads the status, and the rest of a bounded answer away so that the connection can be kept. */
final class ReplyConsumer extends AbstractBinResponseConsumer<Reply> {
  /** As AWS IoT reads at most. */
  private static final int MOST = 16_384;

  private int status;
  private int read;

  @Override
  protected void start(HttpResponse response, @Nullable ContentType type) {
    status = response.getCode();
  }

  @Override
  protected int capacityIncrement() {
    return MOST;
  }

  @Override
  protected void data(ByteBuffer source, boolean endOfStream) throws IOException {
    read += source.remaining();
    source.position(source.limit());
    if (read > MOST) {
      String message = "the server answered " + status + " with more than " + MOST + " bytes";
      throw new IOException(message, new ActionFailure(message, false, null));
    }
  }

  @Override
  protected Reply buildResult() {
    return new Reply(status);
  }

  @Override
  public void releaseResources() {
    // Nothing is kept of the answer.
  }
}
