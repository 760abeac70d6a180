package dev.gatehouse.mqtt;

import dev.gatehouse.api.message.Message;
import dev.gatehouse.api.message.QoS;
import dev.gatehouse.api.session.SessionEnd;
import dev.gatehouse.api.session.SessionSink;
import dev.gatehouse.mqtt.codec.PacketEncoder;
import dev.gatehouse.mqtt.codec.Properties;
import dev.gatehouse.mqtt.codec.ReasonCode;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The way out to one client. Any thread may write; what is written in one go is flushed once, on
 * the connection's own loop.
 */
final class Outbound implements SessionSink {
  private static final long QUEUED_BYTES = 256 << 10;

  private final Channel channel;
  private final PacketEncoder encoder;
  private final ConnectionRights rights;
  private final Messages messages;
  private final int version;
  private final long maxPacketBytes;
  private final Queue<ByteBuf> queue = new ConcurrentLinkedQueue<>();
  private final AtomicLong queuedBytes = new AtomicLong();
  private final AtomicBoolean draining = new AtomicBoolean();
  private volatile boolean busy;
  private volatile Runnable room = () -> {};

  Outbound(
      Channel channel,
      PacketEncoder encoder,
      ConnectionRights rights,
      Messages messages,
      int version,
      long maxPacketBytes) {
    this.channel = channel;
    this.encoder = encoder;
    this.rights = rights;
    this.messages = messages;
    this.version = version;
    this.maxPacketBytes = maxPacketBytes;
  }

  /** Whom to tell that there is room again. */
  void onRoom(Runnable listener) {
    room = listener;
  }

  /** Queues a packet; packets go out in the order of the calls. */
  void write(ByteBuf packet) {
    queuedBytes.addAndGet(packet.readableBytes());
    queue.add(packet);
    // The flag falls before the queue is emptied, so that no packet is left behind unflushed.
    if (draining.compareAndSet(false, true)) {
      channel.eventLoop().execute(this::drain);
    }
  }

  private void drain() {
    draining.set(false);
    for (ByteBuf packet = queue.poll(); packet != null; packet = queue.poll()) {
      queuedBytes.addAndGet(-packet.readableBytes());
      channel.write(packet, channel.voidPromise());
    }
    channel.flush();
    if (busy && channel.isWritable()) {
      busy = false;
      room.run();
    }
  }

  @Override
  public Delivery deliver(
      Message message,
      QoS qos,
      int packetId,
      boolean retain,
      boolean duplicate,
      List<Integer> subscriptionIds) {
    long remaining = messages.remainingSeconds(message);
    if (remaining < 0 || !rights.receive(message.topic().value())) {
      return Delivery.REFUSED;
    }
    Properties properties =
        version == 5 ? Messages.properties(message, remaining, subscriptionIds) : Properties.NONE;
    ByteBuf packet =
        encoder.publish(
            message.topic().value(),
            qos.ordinal(),
            packetId,
            retain,
            duplicate,
            properties,
            message.payload().bytes());
    if (packet.readableBytes() > maxPacketBytes) {
      packet.release(); // dropped as if it had been sent [MQTT-3.1.2-25]
      return Delivery.REFUSED;
    }
    write(packet);
    if (channel.isWritable() && queuedBytes.get() < QUEUED_BYTES) {
      return Delivery.SENT;
    }
    busy = true;
    return Delivery.BUSY;
  }

  @Override
  public void release(int packetId) {
    write(encoder.pubrel(packetId, ReasonCode.SUCCESS));
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
              if (version == 5) {
                channel
                    .writeAndFlush(encoder.disconnect(reason, message))
                    .addListener(ChannelFutureListener.CLOSE);
              } else {
                channel.close();
              }
            });
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
