package dev.gatehouse.mqtt;

import dev.gatehouse.api.memory.MemoryShare;
import dev.gatehouse.mqtt.codec.MqttException;
import dev.gatehouse.mqtt.codec.Packet;
import dev.gatehouse.mqtt.codec.PacketDecoder;
import dev.gatehouse.mqtt.codec.ReasonCode;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of one connection as they come, cut into packets as long as nothing holds it. A client
 * that sends more of them a second than it may is not read on, and one that sends none for longer
 * than it said is gone [MQTT-3.1.2-22]. One handler does all of it, because each costs an idle
 * connection memory and a packet a call. On the connection's loop.
 */
abstract class PacketStream extends ChannelDuplexHandler {
  /** How far ahead of its rate a connection may get, as one read or one burst makes it. */
  static final long AHEAD_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** Bytes of an incomplete packet that every connection may keep. */
  private static final int FREE_BYTES = 1 << 10;

  /** Bytes that are decoded even while there is no memory for what waits for the broker. */
  private static final int ALWAYS_DECODED = 4 << 10;

  private static final long MEMORY_MILLIS = 50; // until it looks again for memory

  /** A packet may take longer than this as long as others do not need the memory. */
  private static final long SLOW_NANOS = TimeUnit.SECONDS.toNanos(10);

  final EdgeServices services;
  final PacketDecoder decoder = new PacketDecoder();
  private @Nullable ChannelHandlerContext context; // once it is added
  private @Nullable ByteBuf unread; // came, and is not decoded
  private @Nullable Rate rate;
  private int charged; // bytes of the memory share for packets
  private long collectingNanos; // since when, if charged
  private boolean checkingSlow; // it is scheduled
  private long silenceNanos; // that is allowed; 0: any
  private long lastNanos; // when something came
  private byte holds; // a bit each
  private boolean decoding;
  private boolean deaf;
  // its place in KeepAlives, whose they are
  byte slot = KeepAlives.NOWHERE;
  @Nullable PacketStream before;
  @Nullable PacketStream after;

  PacketStream(EdgeServices services) {
    this.services = services;
  }

  /** Why a connection is not read, and what was read is not decoded. */
  enum Hold {
    /** Its CONNECT is being looked at; a client need not wait for CONNACK (3.1.4). */
    CONNECT(1),
    /** As much is unanswered as may be. */
    UNANSWERED(2),
    /** What waits for the broker takes as much memory as it may. */
    MEMORY(8),
    /** Requests for which the broker needs the store are not answered. */
    REQUESTS(16),
    /** It does not read the answers to what it sends. */
    ANSWERS(32),
    /** It sends more bytes a second than it may. */
    THROUGHPUT(4);

    private final int bit;

    Hold(int bit) {
      this.bit = bit;
    }
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

    /** The nanoseconds until everything that was taken is paid for; 0 or less if it is. */
    long owedNanos() {
      return paidNanos - System.nanoTime();
    }
  }

  /** Takes a packet; an {@link MqttException} of it goes to {@link #broken}. */
  abstract void packet(ChannelHandlerContext context, Packet packet);

  /** The client broke the protocol or its limits. */
  abstract void broken(ChannelHandlerContext context, MqttException reason);

  /** Nothing came for longer than the client said. */
  abstract void silent();

  @Override
  public abstract void exceptionCaught(ChannelHandlerContext context, Throwable cause);

  Channel channel() {
    return context().channel();
  }

  /** Of the client. */
  InetAddress source() {
    return ((InetSocketAddress) channel().remoteAddress()).getAddress();
  }

  ChannelHandlerContext context() {
    return Objects.requireNonNull(context);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    context = added;
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext removed) {
    deafen();
    services.keepAlives().remove(removed.executor(), this);
  }

  void hold(Hold why) {
    if (holds == 0) {
      channel().config().setAutoRead(false);
    }
    holds |= (byte) why.bit;
  }

  void free(Hold why) {
    boolean held = holds != 0;
    holds &= (byte) ~why.bit;
    if (held && holds == 0) {
      channel().config().setAutoRead(true);
      if (unread != null && !decoding) {
        // not at once: who frees may be in the middle of something
        context().executor().execute(this::decodeOn);
      }
    }
  }

  /** Takes nothing more, not even what is there already. */
  void deafen() {
    deaf = true;
    if (!decoding) {
      drop();
    }
  }

  private void drop() {
    if (unread != null) {
      unread.release();
      unread = null;
      charge(0);
    }
  }

  /** From now on {@link #silent} is told when nothing came for so long. */
  void watch(long nanos) {
    silenceNanos = nanos;
    lastNanos = System.nanoTime();
    services.keepAlives().add(context().executor(), this);
  }

  /** How long it may yet be silent; not more than 0: it has been for too long. */
  long silenceLeft() {
    // as long as it is held it may have said something, but nobody looks
    return holds != 0 ? silenceNanos : silenceNanos - (System.nanoTime() - lastNanos);
  }

  /** Nothing is read that would have to wait. */
  @Override
  public void read(ChannelHandlerContext context) {
    if (holds == 0) {
      context.read();
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    int count = bytes.readableBytes();
    if (silenceNanos > 0) {
      lastNanos = System.nanoTime();
    }
    unread =
        unread == null
            ? bytes
            : ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(context.alloc(), unread, bytes);
    decode();
    int allowed = services.limits().get().bytesPerSecond();
    if (allowed > 0) {
      pay(context, count, allowed);
    }
  }

  private void decode() {
    ByteBuf bytes = unread;
    if (bytes == null || decoding) {
      return;
    }
    decoding = true;
    decoder.maxFilters(services.limits().get().subscribeFilters());
    try {
      while (holds == 0 && !deaf) {
        if (bytes.readableBytes() > ALWAYS_DECODED && services.inboundFull()) {
          waitForMemory();
          break;
        }
        Packet packet = decoder.decode(bytes);
        if (packet == null) {
          break;
        }
        collectingNanos = 0;
        packet(context(), packet);
      }
      if (!deaf && bytes.isReadable()) {
        keep(bytes);
      }
    } catch (MqttException e) {
      broken(context(), e);
    } finally {
      decoding = false;
      ByteBuf left = unread;
      if (deaf || left == null || !left.isReadable()) {
        drop();
      }
    }
  }

  private void waitForMemory() {
    hold(Hold.MEMORY);
    context().executor().schedule(() -> free(Hold.MEMORY), MEMORY_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** Keeps what is not decoded yet, in a buffer that fits: one that was read into is larger. */
  private void keep(ByteBuf bytes) {
    int left = bytes.readableBytes();
    int capacity = bytes.capacity();
    int most = holds == 0 ? decoder.wanted() : Integer.MAX_VALUE;
    if (capacity > 2 * left + FREE_BYTES || (left > FREE_BYTES && bytes.maxCapacity() > most)) {
      ByteBuf fitting = context().alloc().buffer(left, most);
      fitting.writeBytes(bytes);
      bytes.release();
      unread = fitting;
      capacity = left;
    } else {
      bytes.discardSomeReadBytes();
    }
    if (holds == 0) { // else it is the gateway that does not decode it
      charge(capacity);
    }
  }

  private void charge(int capacity) {
    MemoryShare memory = services.memory().packets;
    int bytes = Math.max(0, capacity - FREE_BYTES);
    if (bytes > charged && !memory.tryTake(bytes - charged)) {
      throw new MqttException(
          ReasonCode.QUOTA_EXCEEDED,
          "there is no memory for a packet that does not come at once, %d bytes so far"
              .formatted(capacity));
    } else if (bytes < charged) {
      memory.release(charged - bytes);
    }
    charged = bytes;
    if (bytes > 0 && collectingNanos == 0) {
      collectingNanos = System.nanoTime() | 1;
      checkSlowAfter(SLOW_NANOS);
    }
  }

  private void checkSlowAfter(long nanos) {
    if (!checkingSlow) {
      checkingSlow = true;
      context().executor().schedule(this::checkSlow, nanos, TimeUnit.NANOSECONDS);
    }
  }

  private void checkSlow() {
    checkingSlow = false;
    if (charged == 0 || deaf) {
      return;
    }
    MemoryShare memory = services.memory().packets;
    long left = SLOW_NANOS - (System.nanoTime() - collectingNanos);
    if (left <= 0 && holds == 0 && memory.usedBytes() > memory.limitBytes() / 2) {
      broken(
          context(),
          new MqttException(
              ReasonCode.QUOTA_EXCEEDED,
              "a packet takes longer than %d s while memory is short"
                  .formatted(TimeUnit.NANOSECONDS.toSeconds(SLOW_NANOS))));
    } else {
      checkSlowAfter(Math.max(left, SLOW_NANOS / 10));
    }
  }

  private void decodeOn() {
    try {
      decode();
    } catch (RuntimeException e) {
      exceptionCaught(context(), e);
    }
  }

  private void pay(ChannelHandlerContext context, int bytes, int bytesPerSecond) {
    if (rate == null) {
      rate = new Rate();
    }
    long wait = rate.take(bytes, bytesPerSecond);
    // One read may come in many pieces, and each adds to what is owed: the hold that the first one
    // began ends when the last one is paid for.
    if (wait > 0 && (holds & Hold.THROUGHPUT.bit) == 0) {
      hold(Hold.THROUGHPUT);
      freeWhenPaid(context, rate, wait);
    }
  }

  private void freeWhenPaid(ChannelHandlerContext context, Rate owed, long waitNanos) {
    context
        .executor()
        .schedule(
            () -> {
              long left = owed.owedNanos();
              if (left > 0) {
                freeWhenPaid(context, owed, left);
              } else {
                free(Hold.THROUGHPUT);
              }
            },
            waitNanos,
            TimeUnit.NANOSECONDS);
  }
}
