package dev.gatehouse.mqtt;

import dev.gatehouse.api.message.Message;
import dev.gatehouse.api.message.QoS;
import dev.gatehouse.api.session.Session;
import dev.gatehouse.api.session.SessionEnd;
import dev.gatehouse.api.session.SessionSink;
import dev.gatehouse.mqtt.codec.PacketEncoder;
import dev.gatehouse.mqtt.codec.Properties;
import dev.gatehouse.mqtt.codec.Property;
import dev.gatehouse.mqtt.codec.ReasonCode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
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
  private static final long LINGER_MILLIS = 1_000;

  private final EdgeServices services;
  private final Channel channel;
  private final PacketEncoder encoder;
  private final ConnectionRights rights;
  private final @Nullable OutgoingAliases aliases; // guarded by this
  private PacketStream.@Nullable Rate rate; // guarded by this; once there is one to keep to
  private @Nullable Deque<ByteBuf> queue; // guarded by this; null: empty
  private int queuedBytes; // guarded by this
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
    this.channel = channel;
    this.encoder = encoder;
    this.rights = rights;
    this.aliases = topicAliases == 0 ? null : new OutgoingAliases(topicAliases);
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
  void onRoom(Session opened) {
    session = opened;
  }

  /** Queues a packet, which the writer appends; packets go out in the order of the calls. */
  void write(BiConsumer<PacketEncoder, ByteBuf> writer) {
    boolean first;
    synchronized (this) {
      writer.accept(encoder, room(SMALL));
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
      last = channel.alloc().buffer(Math.max(bytes, 4 * SMALL));
      packets().addLast(last);
    }
    return last;
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
    writable();
  }

  /** Perhaps there is room again. On the connection's loop. */
  void writable() {
    synchronized (this) {
      if (!busy || throttled || !channel.isWritable()) {
        return;
      }
      busy = false;
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
    long remaining = Messages.remainingSeconds(message, services.clock());
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
      sent = !throttled && queuedBytes < QUEUED_BYTES && channel.isWritable();
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
