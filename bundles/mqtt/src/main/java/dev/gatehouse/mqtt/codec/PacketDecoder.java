package dev.gatehouse.mqtt.codec;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the stream of one connection into packets. What is too large is refused from its fixed
 * header, before any of it is kept.
 */
public final class PacketDecoder {
  /** As long as nobody has been authenticated. */
  public static final int MAX_BEFORE_CONNECT = 64 << 10;

  /** UNSUBSCRIBE may always have so many topic filters. */
  private static final int UNSUBSCRIBED = 1_000;

  private int maxFilters = 1_000;
  private int maxPacketBytes = MAX_BEFORE_CONNECT;
  private @Nullable LastTopic topics; // once there is one
  private int wanted = Integer.MAX_VALUE;
  private int version; // 0 until CONNECT
  private int tooLarge; // the version of a CONNECT that is

  /** From here on a SUBSCRIBE may have so many topic filters. */
  public void maxFilters(int maximum) {
    maxFilters = maximum;
  }

  /** The client is in: from here on, this much. */
  public void accepted(int maximum) {
    maxPacketBytes = maximum;
  }

  /** The protocol version of a CONNECT that is too large to be taken; 0 if there was none. */
  public int tooLargeVersion() {
    return tooLarge;
  }

  /** Bytes of the packet that was not all there, if its fixed header was; else a large number. */
  public int wanted() {
    return wanted;
  }

  /**
   * Takes the next packet.
   *
   * @return null if it is not all there yet
   * @throws MqttException if it is malformed, and nothing behind it can be told apart any more
   */
  public @Nullable Packet decode(ByteBuf in) {
    int begin = in.readerIndex();
    wanted = Integer.MAX_VALUE;
    if (in.readableBytes() < 2) {
      return null;
    }
    int first = in.readUnsignedByte();
    int length = remainingLength(in);
    if (length > maxPacketBytes) {
      if (version == 0 && first == 0x10) {
        if (in.readableBytes() < ConnectDecoder.VERSION_ENDS) {
          in.readerIndex(begin);
          return null;
        }
        tooLarge = ConnectDecoder.version(in);
      }
      throw new MqttException(
          ReasonCode.PACKET_TOO_LARGE,
          "a packet of " + length + " bytes, at most " + maxPacketBytes + " are taken");
    }
    if (length >= 0 && version == 0 && first != 0x10) {
      throw MqttException.protocol("the first packet must be CONNECT");
    }
    if (length < 0 || in.readableBytes() < length) {
      wanted = length < 0 ? Integer.MAX_VALUE : in.readerIndex() - begin + length;
      in.readerIndex(begin);
      return null;
    }
    return packet(first, in.readSlice(length));
  }

  /** The remaining length, or -1 if it is not all there yet (2.1.4). */
  private static int remainingLength(ByteBuf in) {
    int value = 0;
    for (int i = 0; i < 4; i++) {
      if (!in.isReadable()) {
        return -1;
      }
      int b = in.readUnsignedByte();
      value |= (b & 0x7F) << (7 * i);
      if ((b & 0x80) == 0) {
        if (b == 0 && i > 0) {
          throw MqttException.malformed("the length is written in more bytes than it needs");
        }
        return value;
      }
    }
    throw MqttException.malformed("the length has more than four bytes");
  }

  private Packet packet(int first, ByteBuf body) {
    int type = first >> 4;
    int flags = first & 0x0F;
    int required = type == 3 ? flags : type == 6 || type == 8 || type == 10 ? 2 : 0;
    if (flags != required) {
      throw MqttException.malformed("packet type " + type + " with flags " + flags);
    }
    Packet packet =
        switch (type) {
          case 1 -> connect(body);
          case 3 -> PublishDecoder.decode(body, flags, version, topics());
          case 4, 5, 6, 7 -> acknowledgement(type, body);
          case 8 -> SubscribeDecoder.subscribe(body, version, maxFilters);
          case 10 ->
              SubscribeDecoder.unsubscribe(body, version, Math.max(UNSUBSCRIBED, maxFilters));
          case 12 -> new Packet.Ping();
          case 14 -> disconnect(body);
          case 15 -> auth(body);
          default -> throw MqttException.protocol("packet type " + type + " is the server's");
        };
    if (body.isReadable()) {
      throw MqttException.malformed(body.readableBytes() + " bytes are left over");
    }
    return packet;
  }

  private LastTopic topics() {
    if (topics == null) {
      topics = new LastTopic();
    }
    return topics;
  }

  private Packet connect(ByteBuf body) {
    if (version != 0) {
      throw MqttException.protocol("CONNECT was sent twice");
    }
    Packet.Connect connect = ConnectDecoder.decode(body);
    version = connect.version();
    return connect;
  }

  private Packet acknowledgement(int type, ByteBuf body) {
    int packetId = packetId(body);
    int reason = 0;
    if (version == 5 && body.isReadable()) {
      reason = Reasons.read(body, type);
      if (body.isReadable()) {
        Properties.read(body, Property.Place.ACKNOWLEDGEMENT);
      }
    }
    return new Packet.Acknowledgement(type, packetId, reason);
  }

  static int packetId(ByteBuf body) {
    int id = Wire.readShort(body);
    if (id == 0) {
      throw MqttException.protocol("packet identifier 0 is not allowed");
    }
    return id;
  }

  private Packet disconnect(ByteBuf body) {
    int reason = 0;
    Properties properties = Properties.NONE;
    if (version == 5 && body.isReadable()) {
      reason = Reasons.read(body, 14);
      if (body.isReadable()) {
        properties = Properties.read(body, Property.Place.DISCONNECT);
      }
    }
    return new Packet.Disconnect(reason, properties);
  }

  private Packet auth(ByteBuf body) {
    if (version != 5) {
      throw MqttException.malformed("packet type 15 is reserved");
    }
    body.skipBytes(body.readableBytes());
    return new Packet.Auth();
  }
}
