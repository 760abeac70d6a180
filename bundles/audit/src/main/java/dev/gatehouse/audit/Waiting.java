package dev.gatehouse.audit;

import dev.gatehouse.api.audit.AuditEvent;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What an event may take of the heap while it waits to be written: the caller chose its size. */
final class Waiting {
  /** Twice what a record holds: secrets are replaced by a shorter text. */
  private static final int MAX_PARAMETERS = 16 << 10;

  private static final int MAX_TEXT = 1_000;

  private Waiting() {}

  /** The event with long parameters left out and long texts cut. */
  static AuditEvent bounded(AuditEvent event) {
    return new AuditEvent(
        event.eventSource(),
        event.eventName(),
        event.readOnly(),
        event.principal(),
        event.accessKeyId(),
        event.sessionIssued(),
        event.time(),
        event.requestId(),
        parameters(event.requestParameters()),
        event.sourceIp(),
        String.valueOf(cut(event.userAgent())),
        event.errorCode(),
        cut(event.errorMessage()));
  }

  private static byte[] parameters(byte[] json) {
    return json.length <= MAX_PARAMETERS
        ? json
        : "{\"omitted\":\"%d bytes of parameters\"}"
            .formatted(json.length)
            .getBytes(StandardCharsets.US_ASCII);
  }

  private static @Nullable String cut(@Nullable String text) {
    return text == null || text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT) + "…";
  }
}
