package dev.gatehouse.mqtt;

import io.netty.channel.Channel;
import java.util.EnumSet;
import java.util.Set;

/** Whether a connection is read: as long as nothing holds it. On the connection's loop. */
final class Reading {
  private final Channel channel;
  private final Set<Hold> holds = EnumSet.noneOf(Hold.class);

  /** Why it is not. */
  enum Hold {
    /** Its CONNECT is being looked at; a client need not wait for CONNACK (3.1.4). */
    CONNECT,
    /** As much is unanswered as may be. */
    UNANSWERED,
    /** It sends more bytes a second than it may. */
    THROUGHPUT
  }

  Reading(Channel channel) {
    this.channel = channel;
  }

  void hold(Hold why) {
    if (holds.add(why)) {
      channel.config().setAutoRead(false);
    }
  }

  void free(Hold why) {
    if (holds.remove(why) && holds.isEmpty()) {
      channel.config().setAutoRead(true);
    }
  }

  boolean heldFor(Hold why) {
    return holds.contains(why);
  }

  boolean held() {
    return !holds.isEmpty();
  }
}
