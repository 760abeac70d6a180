package dev.gatehouse.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.mqtt.codec.MqttException;
import dev.gatehouse.mqtt.codec.Packet;
import dev.gatehouse.testkit.FixedMemory;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The bytes of a second: a client that sends more of them is not read until they are paid for. */
class ThroughputTest {
  private final MqttLimits limits = MqttLimits.GUIDE; // 512 kB a second

  private final class Fake extends PacketStream {
    int packets;

    Fake() {
      super(
          new EdgeServices(
              null,
              null,
              null,
              () -> limits,
              null,
              null,
              null,
              new EdgeMemory(new FixedMemory()),
              null));
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext removed) {
      deafen();
    }

    @Override
    void packet(ChannelHandlerContext context, Packet packet) {
      packets++;
    }

    @Override
    void broken(ChannelHandlerContext context, MqttException reason) {
      throw new AssertionError(reason);
    }

    @Override
    void silent() {}

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      throw new AssertionError(cause);
    }
  }

  /** A read in pieces, as TLS gives it: what is owed grows while the first piece's wait runs. */
  @Test
  void holdLastsUntilTheLastPieceOfAReadIsPaidFor() {
    Fake stream = new Fake();
    EmbeddedChannel channel = new EmbeddedChannel(stream);
    channel.freezeTime();
    channel.writeInbound(Unpooled.wrappedBuffer(HexFormat.of().parseHex(Hex.connect4("a", true))));
    byte[] first = publish(60_000); // owes 120 ms
    channel.writeInbound(Unpooled.wrappedBuffer(first));
    assertThat(channel.config().isAutoRead()).isFalse();
    for (int i = 0; i < 1_000; i++) {
      channel.writeInbound(Unpooled.wrappedBuffer(publish(60_000))); // two minutes more
    }
    channel.advanceTimeBy(1, TimeUnit.SECONDS);
    channel.runPendingTasks();
    assertThat(channel.config().isAutoRead()).as("read on").isFalse();
    assertThat(stream.packets).as("CONNECT and the first PUBLISH").isEqualTo(2);
    channel.finishAndReleaseAll();
  }

  private static byte[] publish(int payload) {
    int length = payload + 3;
    byte[] packet = new byte[length + 4];
    packet[0] = 0x30;
    packet[1] = (byte) (length & 0x7f | 0x80);
    packet[2] = (byte) (length >> 7 & 0x7f | 0x80);
    packet[3] = (byte) (length >> 14);
    packet[5] = 1;
    packet[6] = 'a';
    return packet;
  }
}
