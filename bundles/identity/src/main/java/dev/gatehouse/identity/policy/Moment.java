package dev.gatehouse.identity.policy;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The condition keys that tell the time of a decision (IAM User Guide: global condition context
 * keys).
 */
public final class Moment {
  private static final String CURRENT = "aws:CurrentTime";
  private static final String EPOCH = "aws:EpochTime";

  private Moment() {}

  /** Whether a name is of such a key. */
  static boolean tells(String name) {
    return name.equalsIgnoreCase(CURRENT) || name.equalsIgnoreCase(EPOCH);
  }

  /** Values with the time added to them. */
  public static Values at(Instant now, Values others) {
    return new Values() {
      @Override
      public @Nullable String one(String name) {
        return tells(name) ? time(name, now) : others.one(name);
      }

      @Override
      public List<String> all(String name) {
        return tells(name) ? List.of(time(name, now)) : others.all(name);
      }
    };
  }

  private static String time(String name, Instant now) {
    return name.equalsIgnoreCase(EPOCH)
        ? Long.toString(now.getEpochSecond())
        : now.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
