package dev.gatehouse.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/** One MQTT 3.1.1 client. Used by the loop's thread, unless a subclass says otherwise. */
abstract class Connection {
  private static final int NONE = 0;
  private static final byte[] NOTHING = {};

  final Loop loop;
  final Tally tally;
  final int port;
  final String clientId;

  /** False: the session is kept. */
  boolean clean = true;

  ByteBuffer out;
  private SocketChannel channel;
  private Wire wire;
  private boolean isShaken;
  private SelectionKey key;
  private byte[] rest = NOTHING;
  private boolean isDirty;
  private boolean served;

  Connection(Loop loop, Tally tally, int port, String clientId, int outBytes) {
    this.loop = loop;
    this.tally = tally;
    this.port = port;
    this.clientId = clientId;
    this.out = ByteBuffer.allocateDirect(outBytes);
  }

  abstract void connected(boolean sessionPresent);

  /** A packet, its body from {@code at}, so many bytes long. */
  abstract void packet(int first, ByteBuffer in, int at, int length, long now);

  final boolean isServed() {
    return served;
  }

  final void served() {
    if (!served) {
      served = true;
      loop.opened();
    }
  }

  final void open() throws IOException {
    served = false;
    rest = NOTHING;
    out.clear();
    channel = SocketChannel.open();
    channel.configureBlocking(false);
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    wire = loop.wire(channel, port);
    isShaken = false;
    boolean now = channel.connect(new InetSocketAddress("127.0.0.1", port));
    key = channel.register(loop.selector(), now ? NONE : SelectionKey.OP_CONNECT, this);
    if (now) {
      shake();
    }
  }

  final void ready(SelectionKey ready) {
    try {
      if (ready.isConnectable()) {
        channel.finishConnect();
      }
      if (!isShaken) {
        shake();
        return;
      }
      if (ready.isReadable()) {
        read();
      }
      if (ready.isValid() && ready.isWritable()) {
        flush();
      }
    } catch (IOException e) {
      lost(e.getMessage());
    }
  }

  private void shake() throws IOException {
    key.interestOps(SelectionKey.OP_READ);
    isShaken = wire.shake();
    if (isShaken) {
      sendConnect();
    }
  }

  private void sendConnect() {
    byte[] id = clientId.getBytes(StandardCharsets.US_ASCII);
    out.put((byte) 0x10).put((byte) (12 + id.length));
    out.putShort((short) 4).put("MQTT".getBytes(StandardCharsets.US_ASCII)).put((byte) 4);
    out.put((byte) (clean ? 2 : 0)).putShort((short) 600);
    out.putShort((short) id.length).put(id);
    touch();
  }

  private void read() throws IOException {
    ByteBuffer in = loop.in().put(rest);
    rest = NOTHING;
    if (!wire.read(in)) {
      lost("closed by the broker");
      return;
    }
    long now = System.nanoTime();
    int at = 0;
    int end = in.position();
    while (end - at >= 2) {
      int length = 0;
      int body = at + 1;
      int digit;
      int shift = 0;
      do {
        digit = body < end ? in.get(body++) : -1;
        length |= (digit & 0x7f) << shift;
        shift += 7;
      } while (digit < 0 && body < end);
      if (digit < 0 || body + length > end) {
        break;
      }
      handle(in.get(at) & 0xff, in, body, length, now);
      at = body + length;
    }
    if (at < end) {
      rest = new byte[end - at];
      in.get(at, rest);
    }
  }

  private void handle(int first, ByteBuffer in, int at, int length, long now) {
    if (first != 0x20) {
      packet(first, in, at, length, now);
    } else if (in.get(at + 1) == 0) {
      connected((in.get(at) & 1) != 0);
    } else {
      throw new Refused("CONNECT refused, return code " + in.get(at + 1));
    }
  }

  /** Something is in {@link #out}, to be flushed with the loop's next turn. */
  final void touch() {
    if (!isDirty) {
      isDirty = true;
      loop.dirty(this);
    }
  }

  /** Room for so many bytes in {@link #out}. */
  final ByteBuffer room(int bytes) {
    if (out.remaining() < bytes) {
      out = ByteBuffer.allocateDirect(out.capacity() * 2 + bytes).put(out.flip());
    }
    return out;
  }

  final void flush() {
    isDirty = false;
    if (channel == null) {
      return;
    }
    try {
      boolean partly = !wire.write(out.flip());
      out.compact();
      int interest = partly ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ;
      if (key.interestOps() != interest) {
        key.interestOps(interest);
      }
    } catch (IOException e) {
      lost(e.getMessage());
    }
  }

  private void lost(String why) {
    close();
    if (!served) {
      throw new Refused("connection of " + clientId + " lost before it was served: " + why);
    }
    tally.disconnects++;
  }

  final void disconnect() {
    if (channel != null) {
      room(2).put((byte) 0xe0).put((byte) 0);
      touch();
    }
  }

  final void close() {
    if (channel == null) {
      return;
    }
    try {
      key.cancel();
      channel.close();
    } catch (IOException e) {
      tally.disconnects++;
    }
    channel = null;
  }

  final boolean isOpen() {
    return channel != null;
  }
}
