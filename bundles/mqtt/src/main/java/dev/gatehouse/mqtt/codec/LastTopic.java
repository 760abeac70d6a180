package dev.gatehouse.mqtt.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;

/** Remembers a connection's last topic: most clients publish to few, one after the other. */
final class LastTopic {
  private static final int LONGEST = 256; // bytes of a topic that is remembered

  private ByteBuf bytes = Unpooled.EMPTY_BUFFER; // unpooled: needs no release
  private String text = "";

  /** Reads a text as {@link Wire#readText}. */
  String read(ByteBuf in) {
    int start = in.readerIndex() + 2;
    int length = in.readableBytes() < 2 ? -1 : in.getUnsignedShort(in.readerIndex());
    if (length == bytes.readableBytes()
        && in.readableBytes() >= 2 + length
        && ByteBufUtil.equals(in, start, bytes, 0, length)) {
      in.skipBytes(2 + length);
      return text;
    }
    String read = Wire.readText(in);
    if (length <= LONGEST) {
      text = read;
      bytes = Unpooled.copiedBuffer(in.slice(start, length));
    }
    return read;
  }
}
