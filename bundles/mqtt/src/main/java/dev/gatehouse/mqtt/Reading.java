package dev.gatehouse.mqtt;

import io.netty.channel.Channel;

/** Whether a connection is read: as long as nothing holds it. On the connection's loop. */
final class Reading {
  private final Channel channel;
  private int holds; // a bit each

  /** Why it is not. */
  enum Hold {
    /** Its CONNECT is being looked at; a client need not wait for CONNACK (3.1.4). */
    CONNECT(1),
    /** As much is unanswered as may be. */
    UNANSWERED(2),
    /** What waits for the broker takes as much memory as it may. */
    MEMORY(8),
    /** It sends more bytes a second than it may. */
    THROUGHPUT(4);

    private final int bit;

    Hold(int bit) {
      this.bit = bit;
    }
  }

  Reading(Channel channel) {
    this.channel = channel;
  }

  void hold(Hold why) {
    if (holds == 0) {
      channel.config().setAutoRead(false);
    }
    holds |= why.bit;
  }

  void free(Hold why) {
    boolean held = holds != 0;
    holds &= ~why.bit;
    if (held && holds == 0) {
      channel.config().setAutoRead(true);
    }
  }

  boolean heldFor(Hold why) {
    return (holds & why.bit) != 0;
  }

  boolean held() {
    return holds != 0;
  }
}
