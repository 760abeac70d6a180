package dev.gatehouse.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** How the bytes of one connection travel. One thread may read while another one writes. */
interface Wire {
  /** Goes on with the handshake; true once it is over. */
  boolean shake() throws IOException;

  /** Appends to {@code in} whatever has come; false at the end of the stream. */
  boolean read(ByteBuffer in) throws IOException;

  /** Takes from {@code out}; false if the socket takes no more now. */
  boolean write(ByteBuffer out) throws IOException;

  /** Bytes of the connection, as they are. */
  record Plain(SocketChannel channel) implements Wire {
    @Override
    public boolean shake() {
      return true;
    }

    @Override
    public boolean read(ByteBuffer in) throws IOException {
      return channel.read(in) >= 0;
    }

    @Override
    public boolean write(ByteBuffer out) throws IOException {
      channel.write(out);
      return !out.hasRemaining();
    }
  }
}
