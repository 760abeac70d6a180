package dev.gatehouse.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * One thread, one selector. What a turn makes connections write leaves with the next turn, a write
 * a connection.
 */
final class Loop {
  /** TLS handshakes at a time: a JVM that has just started takes tens of milliseconds for one. */
  private static final int HANDSHAKES = 8;

  private final Selector selector;
  private final ByteBuffer in = ByteBuffer.allocateDirect(256 * 1024);
  private final List<Connection> dirty = new ArrayList<>();
  private final Tls tls;
  private int opening;

  /** Connections are plaintext if {@code tls} is null. */
  Loop(Tls tls) throws IOException {
    this.tls = tls;
    selector = Selector.open();
  }

  Wire wire(SocketChannel channel, int port) throws IOException {
    return tls == null ? new Wire.Plain(channel) : new TlsWire(channel, tls.engine(port));
  }

  Selector selector() {
    return selector;
  }

  /** Empty; for one read at a time. */
  ByteBuffer in() {
    return in.clear();
  }

  void dirty(Connection connection) {
    dirty.add(connection);
  }

  void opened() {
    opening--;
  }

  void turn(long timeoutMillis) throws IOException {
    flush();
    if (timeoutMillis <= 0) {
      selector.selectNow(this::ready);
    } else {
      selector.select(this::ready, timeoutMillis);
    }
  }

  void flush() {
    for (int i = 0; i < dirty.size(); i++) {
      dirty.get(i).flush();
    }
    dirty.clear();
  }

  private void ready(SelectionKey key) {
    ((Connection) key.attachment()).ready(key);
  }

  /** Opens all of them, so many handshakes at a time, and returns when they are served. */
  void open(List<? extends Connection> connections, int together) throws IOException {
    long limit = System.nanoTime() + 60_000_000_000L;
    int atOnce = tls == null ? together : Math.min(together, HANDSHAKES);
    int next = 0;
    while (next < connections.size() || opening > 0) {
      for (; next < connections.size() && opening < atOnce; next++) {
        opening++;
        connections.get(next).open();
      }
      turn(100);
      if (System.nanoTime() > limit) {
        throw new Refused(next - opening + " of " + connections.size() + " connected in 60 s");
      }
    }
  }

  void close(List<? extends Connection> connections) throws IOException {
    for (Connection connection : connections) {
      connection.disconnect();
    }
    flush();
    for (Connection connection : connections) {
      connection.close();
    }
    selector.selectNow(key -> {});
  }
}
