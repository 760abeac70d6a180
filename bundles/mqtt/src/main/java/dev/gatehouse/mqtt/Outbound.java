package dev.gatehouse.mqtt;

import dev.gatehouse.api.memory.MemoryShare;
import dev.gatehouse.api.message.Message;
import dev.gatehouse.api.message.QoS;
import dev.gatehouse.api.session.Session;
import dev.gatehouse.api.session.SessionEnd;
import dev.gatehouse.api.session.SessionSink;
import dev.gatehouse.api.time.PassedTime;
import dev.gatehouse.mqtt.codec.PacketEncoder;
import dev.gatehouse.mqtt.codec.Properties;
import dev.gatehouse.mqtt.codec.Property;
import dev.gatehouse.mqtt.codec.ReasonCode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.internal.OutOfDirectMemoryError;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The way out to one client. Any thread may write; what is written in one go is flushed once, on
 * the connection's own loop.
 */
final class Outbound implements SessionSink {
  private static final int QUEUED_BYTES = 256 << 10;
  private static final int CHUNK = 16 << 10; // as much as a TLS record holds
  private static final int COPIED = 4 << 10; // payloads up to this are gathered, larger ones shared
  private static final int SMALL = 64;

  /** Bytes that may wait for each client, whatever waits for the others. */
  private static final int FREE_BYTES = 2 << 10;

  /** Bytes that may wait for a client while others need the memory. */
  private static final int LITTLE = 32 << 10;

  /** Bytes of answers that a client may leave unread before it is read no more. */
  private static final int MOST_ANSWERS = 64 << 10;

  private static final long LOOK_MILLIS = 100; // how long what a client has read may count
  private static final long LINGER_MILLIS = 1_000;

  private final EdgeServices services;
  private final PassedTime passed;
  private final Channel channel;
  private final PacketEncoder encoder;
  private final ConnectionRights rights;
  private final @Nullable OutgoingAliases aliases; // guarded by this
  private PacketStream.@Nullable Rate rate; // guarded by this; once there is one to keep to
  private @Nullable Deque<ByteBuf> queue; // guarded by this; null: empty
  private int queuedBytes; // guarded by this
  private int writtenBytes; // guarded by this: in the channel, not in the socket yet
  private int answerBytes; // guarded by this: other than messages, since all was in the socket
  private int chargedBytes; // guarded by this: of the memory share
  private boolean pressed; // guarded by this: it has as much as it may
  private boolean looking; // guarded by this: it is scheduled
  private boolean gone; // guarded by this: the connection is over
  private @Nullable PacketStream stream; // whose client this is; set before it is open
  private boolean throttled; // guarded by this
  private boolean draining; // guarded by this: it is scheduled
  private boolean busy; // guarded by this
  private boolean open; // CONNACK is out; on the connection's loop
  private volatile @Nullable Session session; // once it is open

  Outbound(
      EdgeServices services,
      Channel channel,
      PacketEncoder encoder,
      ConnectionRights rights,
      int topicAliases) {
    this.services = services;
    this.passed = PassedTime.of(services.clock());
    this.channel = channel;
    this.encoder = encoder;
    this.rights = rights;
    this.aliases =
        topicAliases == 0 ? null : new OutgoingAliases(topicAliases, services.memory().aliases);
  }

  /** Of the packets that are written here. */
  PacketEncoder encoder() {
    return encoder;
  }

  /** Of the client there. */
  ConnectionRights rights() {
    return rights;
  }

  /** CONNACK is next; before it nothing is said [MQTT-3.14.0-1]. */
  void open() {
    open = true;
  }

  /** The session that is told when there is room again. */
  void onRoom(Session opened, PacketStream reading) {
    session = opened;
    stream = reading;
  }

  /** The connection is over, and what waits for it is not needed any more. */
  synchronized void gone() {
    gone = true;
    if (queue != null) {
      queue.forEach(ByteBuf::release);
      queue = null;
    }
    queuedBytes = 0;
    writtenBytes = 0;
    settleMemory();
    if (aliases != null) {
      aliases.close();
    }
  }

  /** Whether there is memory for what waits now. Under the lock. */
  private boolean charge() {
    MemoryShare memory = services.memory().outbound;
    int waiting = queuedBytes + writtenBytes;
    int lacking = waiting - FREE_BYTES - chargedBytes;
    if (lacking <= 0) {
      return true;
    }
    boolean scarce = memory.usedBytes() > memory.limitBytes() / 2;
    int chunk = (lacking + CHUNK - 1) / CHUNK * CHUNK;
    if ((scarce && writtenBytes > LITTLE) || !memory.tryTake(chunk)) {
      return false;
    }
    chargedBytes += chunk;
    return true;
  }

  /** Gives back what is not needed any more. Under the lock. */
  private void settleMemory() {
    int needed = Math.max(0, queuedBytes + writtenBytes - FREE_BYTES);
    int spare = (chargedBytes - needed) / CHUNK * CHUNK;
    if (spare > 0) {
      services.memory().outbound.release(spare);
      chargedBytes -= spare;
    }
  }

  /** Queues a packet, which the writer appends; packets go out in the order of the calls. */
  void write(BiConsumer<PacketEncoder, ByteBuf> writer) {
    boolean first;
    synchronized (this) {
      if (gone) {
        return;
      }
      ByteBuf buffer = room(SMALL);
      int before = buffer.readableBytes();
      writer.accept(encoder, buffer);
      answerBytes += buffer.readableBytes() - before;
      queuedBytes += buffer.readableBytes() - before;
      first = !draining;
      draining = true;
    }
    if (first) {
      channel.eventLoop().execute(this::drain);
    }
  }

  /** The buffer to append to. */
  private ByteBuf room(int bytes) {
    ByteBuf last = packets().peekLast();
    if (last == null || last.readableBytes() + bytes > CHUNK || last.isReadOnly()) {
      last = allocate(Math.max(bytes, 4 * SMALL));
      packets().addLast(last);
    }
    return last;
  }

  private ByteBuf allocate(int bytes) {
    try {
      return channel.alloc().buffer(bytes);
    } catch (OutOfDirectMemoryError e) {
      // of all connections the one that needs more is closed; a kept session gets it again
      services.counters().failed();
      channel.close();
      return Unpooled.buffer(bytes);
    }
  }

  private Deque<ByteBuf> packets() {
    if (queue == null) {
      queue = new ArrayDeque<>(1);
    }
    return queue;
  }

  private long pay(long bytes) {
    int allowed = services.limits().get().bytesPerSecond();
    if (allowed == 0) {
      return 0;
    }
    if (rate == null) {
      rate = new PacketStream.Rate();
    }
    return rate.take(bytes, allowed);
  }

  /** Sends what is queued. On the connection's loop. */
  void flush() {
    drain();
  }

  private void drain() {
    Deque<ByteBuf> packets;
    synchronized (this) {
      draining = false;
      packets = queue;
      queue = null;
      queuedBytes = 0;
    }
    if (packets != null) {
      packets.forEach(packet -> channel.write(packet, channel.voidPromise()));
    }
    channel.flush();
    written();
  }

  /** Some of what was written is in the socket now. On the connection's loop. */
  private void written() {
    boolean unread;
    boolean look;
    synchronized (this) {
      if (gone) {
        return;
      }
      ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
      writtenBytes =
          buffer == null ? 0 : (int) Math.min(Integer.MAX_VALUE, buffer.totalPendingWriteBytes());
      settleMemory();
      if (writtenBytes == 0) {
        answerBytes = 0;
      }
      unread = answerBytes > MOST_ANSWERS;
      look = !looking && (unread || writtenBytes > FREE_BYTES);
      looking |= look;
    }
    if (look) {
      channel.eventLoop().schedule(this::lookAgain, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }
    if (stream != null && unread) {
      stream.hold(PacketStream.Hold.ANSWERS);
    } else if (stream != null) {
      stream.free(PacketStream.Hold.ANSWERS);
    }
    writable();
  }

  private void lookAgain() {
    synchronized (this) {
      looking = false;
    }
    written();
  }

  /** Perhaps there is room again. On the connection's loop. */
  void writable() {
    synchronized (this) {
      if (!busy || throttled || !channel.isWritable() || (pressed && writtenBytes > FREE_BYTES)) {
        return;
      }
      busy = false;
      pressed = false;
    }
    Session told = session;
    if (told != null) {
      told.resume();
    }
  }

  private void paid() {
    synchronized (this) {
      throttled = false;
    }
    writable();
  }

  @Override
  public Delivery deliver(
      Message message,
      QoS qos,
      int packetId,
      boolean retain,
      boolean duplicate,
      List<Integer> subscriptionIds) {
    long remaining = Messages.remainingSeconds(message, passed);
    if (duplicate) {
      remaining = Math.max(0, remaining); // once sent it does not expire any more [MQTT-4.3.3-7]
    }
    if (remaining < 0 || !rights.receive(message.topic().value())) {
      return Delivery.REFUSED;
    }
    Properties properties =
        encoder.version() == 5
            ? Messages.properties(message, remaining, subscriptionIds)
            : Properties.NONE;
    byte[] payload = message.payload().bytes();
    boolean sent;
    boolean first;
    long wait;
    synchronized (this) {
      if (gone) {
        return Delivery.BUSY;
      }
      String topic = message.topic().value();
      int alias = aliases == null ? 0 : aliases.of(topic);
      Properties aliased = alias == 0 ? properties : withAlias(properties, alias);
      int size =
          encoder.publishSize(alias > 0 ? "" : topic, qos.ordinal(), aliased, payload.length);
      if (alias != 0 && size > encoder.maxPacketBytes()) {
        // the alias is the gateway's own: the message may fit without it
        alias = 0;
        aliased = properties;
        size = encoder.publishSize(topic, qos.ordinal(), properties, payload.length);
      }
      if (size > encoder.maxPacketBytes()) {
        return Delivery.REFUSED; // dropped as if it had been sent [MQTT-3.1.2-25]
      }
      if (aliases != null && alias < 0) {
        aliases.set(topic, -alias);
      }
      encoder.publish(
          room(payload.length <= COPIED ? size : size - payload.length),
          alias > 0 ? "" : topic,
          qos.ordinal(),
          packetId,
          retain,
          duplicate,
          aliased,
          payload.length);
      append(payload);
      queuedBytes += size;
      wait = throttled ? 0 : pay(size);
      throttled |= wait > 0;
      pressed |= !charge();
      sent = !throttled && !pressed && queuedBytes < QUEUED_BYTES && channel.isWritable();
      busy |= !sent;
      first = !draining;
      draining = true;
    }
    if (first) {
      channel.eventLoop().execute(this::drain);
    }
    if (wait > 0) {
      channel.eventLoop().schedule(this::paid, wait, TimeUnit.NANOSECONDS);
    }
    return sent ? Delivery.SENT : Delivery.BUSY;
  }

  private static Properties withAlias(Properties properties, int alias) {
    return new Properties(properties).with(Property.TOPIC_ALIAS, Math.abs(alias));
  }

  private void append(byte[] payload) {
    ByteBuf last = packets().peekLast();
    if (last != null && payload.length <= COPIED) {
      last.writeBytes(payload);
    } else {
      // one array for all subscribers, however slow they are
      packets().addLast(Unpooled.wrappedBuffer(payload).asReadOnly());
    }
  }

  @Override
  public void release(int packetId) {
    write((to, out) -> to.pubrel(out, packetId, ReasonCode.SUCCESS));
  }

  @Override
  public void end(SessionEnd reason) {
    close(reasonOf(reason), reason.lifecycleReason());
  }

  /** Tells an MQTT 5 client why, and closes. */
  void close(ReasonCode reason, String message) {
    channel
        .eventLoop()
        .execute(
            () -> {
              drain();
              if (encoder.version() == 5 && open) {
                ByteBuf packet = channel.alloc().buffer(SMALL);
                encoder.disconnect(packet, reason, message);
                channel.writeAndFlush(packet).addListener(sent -> leave(channel));
              } else {
                channel.close();
              }
            });
  }

  /**
   * Closes when the client has, or after a while: what it still sends to a closed connection would
   * be answered by a reset, which may overtake the reason. TLS says its own goodbye.
   */
  static void leave(Channel channel) {
    if (channel instanceof DuplexChannel duplex
        && channel.isActive()
        && channel.pipeline().get(SslHandler.class) == null) {
      channel.config().setAutoRead(true);
      duplex.shutdownOutput();
      channel.eventLoop().schedule(() -> channel.close(), LINGER_MILLIS, TimeUnit.MILLISECONDS);
    } else {
      channel.close();
    }
  }

  private static ReasonCode reasonOf(SessionEnd end) {
    return switch (end) {
      case TAKEN_OVER -> ReasonCode.SESSION_TAKEN_OVER;
      case SERVER_SHUTDOWN -> ReasonCode.SERVER_SHUTTING_DOWN;
      case KEEP_ALIVE_TIMEOUT -> ReasonCode.KEEP_ALIVE_TIMEOUT;
      case NOT_AUTHORIZED -> ReasonCode.NOT_AUTHORIZED;
      case PRINCIPAL_INVALIDATED -> ReasonCode.ADMINISTRATIVE_ACTION;
      case PROTOCOL_ERROR -> ReasonCode.PROTOCOL_ERROR;
      case LIMIT_EXCEEDED -> ReasonCode.QUOTA_EXCEEDED;
      default -> ReasonCode.UNSPECIFIED_ERROR;
    };
  }
}
