package dev.gatehouse.mqtt;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelConfig;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;
import io.netty.util.internal.PlatformDependent;
import org.jspecify.annotations.Nullable;

/**
 * How much to read at a time: as much as came lately, between {@link #LEAST} and {@link #MOST}
 * bytes. Netty's own that adapts holds three times as much for each connection.
 */
final class ReadSizes implements RecvByteBufAllocator {
  static final int LEAST = 256;
  static final int FIRST = 2 << 10;
  static final int MOST = 64 << 10;
  private static final long SCARCE_BYTES = PlatformDependent.maxDirectMemory() / 2;
  private static final int READS = 16; // one after the other, before others have their turn

  @Override
  @SuppressWarnings("deprecation") // Netty's name for what it asks for
  public Handle newHandle() {
    return new Sizes();
  }

  /** Of one connection. */
  private static final class Sizes implements ExtendedHandle {
    private @Nullable ChannelConfig config;
    private int size = FIRST;
    private int attempted;
    private int last;
    private int total; // of this turn
    private short reads; // of this turn
    private boolean little; // the last turn would have had room in half of it

    @Override
    public ByteBuf allocate(ByteBufAllocator alloc) {
      // what is read may have to wait: where memory is short, little is read ahead
      boolean scarce = PlatformDependent.usedDirectMemory() > SCARCE_BYTES;
      return alloc.ioBuffer(scarce ? Math.min(size, FIRST) : size);
    }

    @Override
    public int guess() {
      return size;
    }

    @Override
    public void reset(ChannelConfig now) {
      config = now;
      reads = 0;
      total = 0;
    }

    @Override
    public void incMessagesRead(int messages) {
      reads += (short) messages;
    }

    @Override
    public void lastBytesRead(int bytes) {
      last = bytes;
      if (bytes > 0) {
        total += bytes;
        if (bytes == attempted && bytes == size) {
          size = Math.min(MOST, size * 4); // there is more
        }
      }
    }

    @Override
    public int lastBytesRead() {
      return last;
    }

    @Override
    public void attemptedBytesRead(int bytes) {
      attempted = bytes;
    }

    @Override
    public int attemptedBytesRead() {
      return attempted;
    }

    @Override
    public boolean continueReading() {
      return continueReading(() -> attempted == last);
    }

    @Override
    public boolean continueReading(UncheckedBooleanSupplier maybeMore) {
      return config != null && config.isAutoRead() && maybeMore.get() && reads < READS && total > 0;
    }

    /** One small turn may be chance, two are not. */
    @Override
    public void readComplete() {
      boolean before = little;
      little = total <= size / 2;
      if (little && before) {
        size = Math.max(LEAST, size / 2);
        little = false;
      }
    }
  }
}
