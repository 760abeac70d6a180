package dev.gatehouse.mqtt;

import dev.gatehouse.mqtt.codec.PacketDecoder;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;

/**
 * Whether a connection is read, and what was read is decoded: as long as nothing holds it. On the
 * connection's loop.
 */
final class Reading {
  private final Channel channel;
  private final PacketDecoder decoder;
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

  Reading(Channel channel, PacketDecoder decoder) {
    this.channel = channel;
    this.decoder = decoder;
  }

  void hold(Hold why) {
    if (holds == 0) {
      channel.config().setAutoRead(false);
      decoder.stop();
    }
    holds |= why.bit;
  }

  void free(Hold why) {
    boolean held = holds != 0;
    holds &= ~why.bit;
    if (held && holds == 0) {
      channel.config().setAutoRead(true);
      if (decoder.goOn()) {
        // not at once: who frees may be in the middle of a packet
        channel.eventLoop().execute(this::decode);
      }
    }
  }

  /** Gives the decoder nothing new, for which it looks at what is left. */
  private void decode() {
    ChannelHandlerContext before = channel.pipeline().context(Throughput.class);
    if (before != null) {
      before.fireChannelRead(Unpooled.EMPTY_BUFFER);
      before.fireChannelReadComplete();
    }
  }

  boolean heldFor(Hold why) {
    return (holds & why.bit) != 0;
  }

  boolean held() {
    return holds != 0;
  }
}
