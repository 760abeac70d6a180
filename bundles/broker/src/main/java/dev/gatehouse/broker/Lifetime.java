package dev.gatehouse.broker;

import dev.gatehouse.api.message.Message;
import dev.gatehouse.api.time.PassedTime;
import java.util.function.Supplier;

/** How long a message is worth sending: as its publisher says, and as the guide has it. */
record Lifetime(Supplier<BrokerSettings> settings, PassedTime passed) {

  /** Whether the guide's hour, or another, counts at all. */
  boolean bounded() {
    return settings.get().retrySeconds() > 0;
  }

  /** The guide: a QoS 1 message that is not acknowledged for so long is dropped. */
  boolean givenUp(Message message) {
    return passed.sinceMillis(message.timeMillis()) >= settings.get().retrySeconds() * 1000;
  }

  /** Whether a message that was never sent need not be sent any more. */
  boolean over(Message message) {
    Long expiry = message.properties().expirySeconds();
    long retrySeconds = settings.get().retrySeconds();
    if (expiry == null && retrySeconds == 0) {
      return false;
    }
    long seconds = expiry == null ? retrySeconds : expiry;
    if (retrySeconds > 0) {
      seconds = Math.min(seconds, retrySeconds);
    }
    return passed.sinceMillis(message.timeMillis()) >= seconds * 1000;
  }
}
