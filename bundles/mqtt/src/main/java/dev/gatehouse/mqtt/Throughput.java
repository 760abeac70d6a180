package dev.gatehouse.mqtt;

import dev.gatehouse.api.session.SessionEnd;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of MQTT as they come: a client that sends more of them a second than it may is not read
 * on, and one that sends none for longer than it said is gone [MQTT-3.1.2-22].
 */
final class Throughput extends ChannelDuplexHandler {
  /** How far ahead of its rate a connection may get, as one read or one burst makes it. */
  static final long AHEAD_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final Supplier<MqttLimits> limits;
  private final Reading reading;
  private @Nullable Rate rate;
  private long silenceNanos; // that is allowed; 0: any
  private long lastNanos; // when something came
  private @Nullable ScheduledFuture<?> look;

  Throughput(Supplier<MqttLimits> limits, Reading reading) {
    this.limits = limits;
    this.reading = reading;
  }

  /** When what was taken so far is paid for at a rate. */
  static final class Rate {
    private long paidNanos = System.nanoTime();

    /** Takes bytes; returns how many nanoseconds to wait for more, 0 for none. */
    long take(long bytes, int bytesPerSecond) {
      long now = System.nanoTime();
      paidNanos =
          (paidNanos - now > 0 ? paidNanos : now)
              + bytes * TimeUnit.SECONDS.toNanos(1) / bytesPerSecond;
      long ahead = paidNanos - now;
      return ahead > AHEAD_NANOS ? ahead : 0;
    }
  }

  /** From now on fires {@link SessionEnd#KEEP_ALIVE_TIMEOUT} when nothing came for so long. */
  void watch(ChannelHandlerContext context, long nanos) {
    silenceNanos = nanos;
    lastNanos = System.nanoTime();
    look(context, nanos);
  }

  private void look(ChannelHandlerContext context, long nanos) {
    look = context.executor().schedule(() -> silent(context), nanos, TimeUnit.NANOSECONDS);
  }

  private void silent(ChannelHandlerContext context) {
    long left = silenceNanos - (System.nanoTime() - lastNanos);
    if (left > 0) {
      look(context, left);
    } else if (reading.held()) {
      look(context, silenceNanos); // perhaps it said something, but nobody looked
    } else {
      context.fireUserEventTriggered(SessionEnd.KEEP_ALIVE_TIMEOUT);
    }
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    if (look != null) {
      look.cancel(false);
    }
  }

  /** Nothing is read that would have to wait. */
  @Override
  public void read(ChannelHandlerContext context) {
    if (!reading.held()) {
      context.read();
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    int bytes = ((ByteBuf) message).readableBytes();
    if (silenceNanos > 0) {
      lastNanos = System.nanoTime();
    }
    context.fireChannelRead(message);
    int allowed = limits.get().bytesPerSecond();
    if (allowed > 0) {
      pay(context, bytes, allowed);
    }
  }

  private void pay(ChannelHandlerContext context, int bytes, int bytesPerSecond) {
    if (rate == null) {
      rate = new Rate();
    }
    long wait = rate.take(bytes, bytesPerSecond);
    if (wait > 0) {
      reading.hold(Reading.Hold.THROUGHPUT);
      context
          .executor()
          .schedule(() -> reading.free(Reading.Hold.THROUGHPUT), wait, TimeUnit.NANOSECONDS);
    }
  }
}
