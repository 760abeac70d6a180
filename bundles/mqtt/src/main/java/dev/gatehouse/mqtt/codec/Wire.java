package dev.gatehouse.mqtt.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** The data types of MQTT (1.5), read strictly. */
final class Wire {
  private Wire() {}

  static int readByte(ByteBuf in) {
    require(in, 1);
    return in.readUnsignedByte();
  }

  static int readShort(ByteBuf in) {
    require(in, 2);
    return in.readUnsignedShort();
  }

  static long readInt(ByteBuf in) {
    require(in, 4);
    return in.readUnsignedInt();
  }

  private static void require(ByteBuf in, int bytes) {
    if (in.readableBytes() < bytes) {
      throw MqttException.malformed("the packet ends too early");
    }
  }

  /** A variable byte integer inside a packet, in as few bytes as it needs [MQTT-1.5.5-1]. */
  static int readVariable(ByteBuf in) {
    int value = 0;
    for (int i = 0; i < 4; i++) {
      int b = readByte(in);
      value |= (b & 0x7F) << (7 * i);
      if ((b & 0x80) == 0) {
        if (b == 0 && i > 0) {
          throw MqttException.malformed("a length is written in more bytes than it needs");
        }
        return value;
      }
    }
    throw MqttException.malformed("a length has more than four bytes");
  }

  static byte[] readBinary(ByteBuf in) {
    int length = readShort(in);
    require(in, length);
    byte[] bytes = new byte[length];
    in.readBytes(bytes);
    return bytes;
  }

  /** UTF-8, well-formed and without U+0000 [MQTT-1.5.4-1, MQTT-1.5.4-2]. */
  static String readText(ByteBuf in) {
    int length = readShort(in);
    require(in, length);
    int start = in.readerIndex();
    boolean ascii = true;
    for (int i = 0; i < length; i++) {
      byte b = in.getByte(start + i);
      if (b == 0) {
        throw MqttException.malformed("a text holds U+0000");
      }
      ascii &= b > 0;
    }
    byte[] bytes = new byte[length];
    in.readBytes(bytes);
    if (ascii) {
      return new String(bytes, StandardCharsets.ISO_8859_1);
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw MqttException.malformed("a text is not UTF-8");
    }
  }

  static void writeText(ByteBuf out, String text) {
    int start = out.writerIndex();
    out.writeShort(0);
    out.setShort(start, ByteBufUtil.writeUtf8(out, text));
  }

  /** How many bytes {@link #writeVariable} writes. */
  static int variableLength(int value) {
    return value < 1 << 7 ? 1 : value < 1 << 14 ? 2 : value < 1 << 21 ? 3 : 4;
  }

  static void writeVariable(ByteBuf out, int value) {
    int rest = value;
    do {
      int b = rest & 0x7F;
      rest >>>= 7;
      out.writeByte(rest > 0 ? b | 0x80 : b);
    } while (rest > 0);
  }
}
