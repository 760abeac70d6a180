package dev.gatehouse.mqtt.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PacketDecoderTest {
  private static final String CONNECT_4 = "100d00044d51545404020000000161";
  private static final String CONNECT_5 = "100e00044d5154540502000000000161";

  private final PacketDecoder decoder = new PacketDecoder();

  private static ByteBuf bytes(String hex) {
    return Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex.replace(" ", "")));
  }

  /** The first packet of these bytes, or why there is none. */
  private @Nullable Object read(String hex) {
    return read(decoder, bytes(hex));
  }

  private static @Nullable Object read(PacketDecoder decoder, ByteBuf in) {
    try {
      return decoder.decode(in);
    } catch (MqttException e) {
      return e;
    }
  }

  @Test
  void connectOfBothVersionsIsRead() {
    assertThat(read(CONNECT_4))
        .isInstanceOfSatisfying(
            Packet.Connect.class,
            connect -> {
              assertThat(connect.version()).isEqualTo(4);
              assertThat(connect.clientId()).isEqualTo("a");
              assertThat(connect.cleanStart()).isTrue();
            });
    assertThat(read(new PacketDecoder(), bytes(CONNECT_5)))
        .isInstanceOfSatisfying(
            Packet.Connect.class, connect -> assertThat(connect.version()).isEqualTo(5));
  }

  @Test
  void packetsAreCutOutOfAnyPieces() {
    String stream = CONNECT_5 + "3006 0001 61 00 7879" + "c000";
    ByteBuf in = Unpooled.buffer();
    List<Packet> packets = new ArrayList<>();
    for (byte b : HexFormat.of().parseHex(stream.replace(" ", ""))) {
      in.writeByte(b);
      Packet packet = decoder.decode(in);
      if (packet != null) {
        packets.add(packet);
      }
    }
    assertThat(packets).hasSize(3);
    assertThat(packets.get(0)).isInstanceOf(Packet.Connect.class);
    assertThat(packets.get(1))
        .isInstanceOfSatisfying(
            Packet.Publish.class,
            publish -> {
              assertThat(publish.topic()).isEqualTo("a");
              assertThat(new String(publish.payload(), java.nio.charset.StandardCharsets.UTF_8))
                  .isEqualTo("xy");
            });
    assertThat(packets.get(2)).isInstanceOf(Packet.Ping.class);
    assertThat(in.isReadable()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "c000, PROTOCOL_ERROR", // the first packet is not CONNECT
    "1000, MALFORMED_PACKET", // an empty CONNECT
    "10ffffffff7f, MALFORMED_PACKET", // a length of five bytes
    "10 ff ff ff 7f 00044d51545405, PACKET_TOO_LARGE", // 256 MB declared
    "10 8d 00 00044d51545404020000000161, MALFORMED_PACKET", // the length in too many bytes
    "11 0d 00044d51545404020000000161, PROTOCOL_ERROR", // flags
    "10 0d 00044d51545403020000000161, UNSUPPORTED_PROTOCOL_VERSION",
    "10 0d 00044d51545504020000000161, UNSUPPORTED_PROTOCOL_VERSION", // MQTU
    "10 0d 00044d51545404030000000161, MALFORMED_PACKET", // reserved flag
    "10 0d 00044d51545404420000000161, MALFORMED_PACKET", // a password without a user name
    "10 0d 00044d515454041a0000000161, MALFORMED_PACKET", // will QoS without a will
    "10 0d 00044d51545404020000000100, MALFORMED_PACKET", // NUL in the client id
    "10 0d 000400ff545404020000000161, MALFORMED_PACKET",
    "10 0f 00044d515454040200000001610000, MALFORMED_PACKET" // bytes left over
  })
  void aMalformedFirstPacketIsRefusedWithItsReason(String hex, ReasonCode reason) {
    assertThat(read(hex))
        .isInstanceOfSatisfying(
            MqttException.class, failure -> assertThat(failure.reason()).isEqualTo(reason));
  }

  @ParameterizedTest
  @CsvSource({
    "36 06 0001 61 0001 00, MALFORMED_PACKET", // QoS 3
    "38 04 0001 61 00, MALFORMED_PACKET", // DUP with QoS 0
    "32 06 0001 61 0000 00, PROTOCOL_ERROR", // packet id 0
    "30 06 0001 61 02 0102, PROTOCOL_ERROR", // payload format 2
    "30 08 0001 61 04 0101 0101, PROTOCOL_ERROR", // doubled property
    "30 07 0001 61 03 210001, MALFORMED_PACKET", // receive maximum in PUBLISH
    "30 06 0001 61 02 7f01, MALFORMED_PACKET", // unknown property
    "30 05 0001 61 09 01, MALFORMED_PACKET", // properties longer than the packet
    "30 03 0002 61, MALFORMED_PACKET", // a text longer than the packet
    "30 06 0003 eda080 00, MALFORMED_PACKET", // a surrogate
    "82 03 0001 00, PROTOCOL_ERROR", // SUBSCRIBE without a filter
    "82 07 0001 00 0001 61 03, MALFORMED_PACKET", // subscription QoS 3
    "82 07 0001 00 0001 61 40, MALFORMED_PACKET", // reserved option
    "82 09 0001 02 0b00 0001 61 00, PROTOCOL_ERROR", // subscription identifier 0
    "80 07 0001 00 0001 61 00, MALFORMED_PACKET", // flags of SUBSCRIBE
    "a2 03 0001 00, PROTOCOL_ERROR", // UNSUBSCRIBE without a filter
    "20 03 00 00 00, PROTOCOL_ERROR", // the server's packet
    "00 00, PROTOCOL_ERROR",
    "100e00044d5154540502000000000161, PROTOCOL_ERROR" // CONNECT again
  })
  void aMalformedLaterPacketIsRefusedWithItsReason(String hex, ReasonCode reason) {
    read(CONNECT_5);
    assertThat(read(hex))
        .isInstanceOfSatisfying(
            MqttException.class, failure -> assertThat(failure.reason()).isEqualTo(reason));
  }

  @Test
  void randomBytesYieldPacketsOrReasonsAndNothingElse() {
    long seed = Long.getLong("gatehouse.seed", 20_261_123L);
    Random random = new Random(seed);
    int packets = 0;
    for (int i = 0; i < 100_000; i++) {
      PacketDecoder fresh = new PacketDecoder();
      read(fresh, bytes(random.nextBoolean() ? CONNECT_5 : CONNECT_4));
      byte[] body = new byte[random.nextInt(30)];
      random.nextBytes(body);
      int type = 1 + random.nextInt(15);
      int flags = type == 3 ? random.nextInt(16) : type == 6 || type == 8 || type == 10 ? 2 : 0;
      ByteBuf buffer =
          Unpooled.buffer().writeByte(type << 4 | flags).writeByte(body.length).writeBytes(body);
      Object result = read(fresh, buffer);
      assertThat(result)
          .as("seed %s round %s", seed, i)
          .isInstanceOfAny(Packet.class, MqttException.class);
      packets += result instanceof Packet ? 1 : 0;
      assertThat(buffer.refCnt()).as("it keeps nothing").isOne();
    }
    assertThat(packets).isPositive();
  }
}
