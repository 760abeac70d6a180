package dev.gatehouse.broker;

import dev.gatehouse.api.message.Message;
import dev.gatehouse.api.session.Will;
import java.time.Clock;

/** Publishes wills, if their client may still publish them. */
final class Wills {
  private final Router router;
  private final Clock clock;

  Wills(Router router, Clock clock) {
    this.router = router;
    this.clock = clock;
  }

  void publish(ClientSession session, Will will) {
    if (will.stillAllowed().getAsBoolean()) {
      router.publish(now(will.message()), session, null);
    }
  }

  /** Its time, from which its expiry counts, is that of its publication. */
  private Message now(Message message) {
    return new Message(
        message.account(),
        message.topic(),
        message.payload(),
        message.qos(),
        message.retain(),
        message.properties(),
        message.origin(),
        clock.millis(),
        message.traceId(),
        message.hops());
  }
}
