package dev.gatehouse.mqtt;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Does not read on from a client that sends more bytes a second than it may. */
final class Throughput extends ChannelDuplexHandler {
  /** How far ahead of its rate a connection may get, as one read or one burst makes it. */
  static final long AHEAD_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final Supplier<MqttLimits> limits;
  private final Reading reading;
  private final Rate rate = new Rate();

  Throughput(Supplier<MqttLimits> limits, Reading reading) {
    this.limits = limits;
    this.reading = reading;
  }

  /** When what was taken so far is paid for at a rate. */
  static final class Rate {
    private long paidNanos = System.nanoTime();

    /** Takes bytes; returns how many nanoseconds to wait for more, 0 for none. */
    long take(long bytes, int bytesPerSecond) {
      if (bytesPerSecond == 0) {
        return 0;
      }
      long now = System.nanoTime();
      paidNanos =
          (paidNanos - now > 0 ? paidNanos : now)
              + bytes * TimeUnit.SECONDS.toNanos(1) / bytesPerSecond;
      long ahead = paidNanos - now;
      return ahead > AHEAD_NANOS ? ahead : 0;
    }
  }

  /** The decoder wants the rest of a packet even of a connection that is not read. */
  @Override
  public void read(ChannelHandlerContext context) {
    if (!reading.heldFor(Reading.Hold.THROUGHPUT)) {
      context.read();
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    int bytes = ((ByteBuf) message).readableBytes();
    context.fireChannelRead(message);
    long wait = rate.take(bytes, limits.get().bytesPerSecond());
    if (wait > 0) {
      reading.hold(Reading.Hold.THROUGHPUT);
      context
          .executor()
          .schedule(() -> reading.free(Reading.Hold.THROUGHPUT), wait, TimeUnit.NANOSECONDS);
    }
  }
}
