package dev.gatehouse.api.http;

import java.time.Duration;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * How calls of an operation are treated.
 *
 * @param event which kind of event a call is for the audit trail
 * @param readOnly whether a call changes nothing
 * @param timeout how long a call may take, at least a millisecond
 * @param bodyLimit the most bytes of a body; empty for the limit that the edge is configured with
 */
public record CallTraits(Event event, boolean readOnly, Duration timeout, OptionalInt bodyLimit) {
  private static final Duration USUAL_TIMEOUT = Duration.ofSeconds(30);
  private static final Pattern READS =
      Pattern.compile("(Get|List|Describe|Search|Lookup|Test|Count|Validate).*");

  /** Kinds of events (CloudTrail: management events and data events). */
  public enum Event {
    /** A call that the audit trail records. */
    MANAGEMENT,
    /** A call on data, such as {@code PutItem}; the audit trail does not record it. */
    DATA
  }

  /** Checks the ranges. */
  public CallTraits {
    if (timeout.toMillis() < 1) {
      throw new IllegalArgumentException("a timeout of " + timeout + " is less than 1 ms");
    }
    if (bodyLimit.isPresent() && bodyLimit.getAsInt() < 0) {
      throw new IllegalArgumentException("a body limit of " + bodyLimit.getAsInt() + " bytes");
    }
  }

  /** A management event of 30 s at most that reads if the operation's name begins like that. */
  static CallTraits of(String operation) {
    return new CallTraits(
        Event.MANAGEMENT, READS.matcher(operation).matches(), USUAL_TIMEOUT, OptionalInt.empty());
  }
}
