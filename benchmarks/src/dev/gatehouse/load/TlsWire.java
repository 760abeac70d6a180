package dev.gatehouse.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;

/** TLS by the JVM's engine. */
final class TlsWire implements Wire {
  private static final int RECORD = 17 * 1024;
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final SocketChannel channel;
  private final SSLEngine engine;
  private final ByteBuffer netIn = ByteBuffer.allocate(4 * RECORD).flip();
  private final ByteBuffer netOut = ByteBuffer.allocate(4 * RECORD).flip();

  TlsWire(SocketChannel channel, SSLEngine engine) throws IOException {
    this.channel = channel;
    this.engine = engine;
    engine.beginHandshake();
  }

  @Override
  public boolean shake() throws IOException {
    while (true) {
      switch (engine.getHandshakeStatus()) {
        case NEED_TASK -> engine.getDelegatedTask().run();
        case NEED_WRAP -> {
          wrap(NOTHING);
          drain();
        }
        case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
          if (!unwrap(ByteBuffer.allocate(RECORD))) {
            if (fill() <= 0) {
              return false;
            }
          }
        }
        default -> {
          return drain();
        }
      }
    }
  }

  /** One record; false if it has not come whole. */
  private boolean unwrap(ByteBuffer in) throws IOException {
    SSLEngineResult result = engine.unwrap(netIn, in);
    if (result.getStatus() == Status.CLOSED) {
      throw new IOException("TLS closed by the broker");
    }
    while (engine.getHandshakeStatus() == HandshakeStatus.NEED_TASK) {
      engine.getDelegatedTask().run();
    }
    return result.getStatus() == Status.OK;
  }

  private int fill() throws IOException {
    netIn.compact();
    try {
      int read = channel.read(netIn);
      if (read < 0) {
        throw new IOException("closed by the broker");
      }
      return read;
    } finally {
      netIn.flip();
    }
  }

  private void wrap(ByteBuffer out) throws IOException {
    netOut.compact();
    try {
      engine.wrap(out, netOut);
    } finally {
      netOut.flip();
    }
  }

  private boolean drain() throws IOException {
    channel.write(netOut);
    return !netOut.hasRemaining();
  }

  @Override
  public boolean read(ByteBuffer in) throws IOException {
    do {
      while (netIn.hasRemaining() && in.remaining() >= RECORD && unwrap(in)) {}
    } while (in.remaining() >= RECORD && fill() > 0);
    return true;
  }

  @Override
  public boolean write(ByteBuffer out) throws IOException {
    while (drain()) {
      if (!out.hasRemaining()) {
        return true;
      }
      wrap(out);
    }
    return false;
  }
}
