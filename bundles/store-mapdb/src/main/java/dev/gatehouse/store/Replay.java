package dev.gatehouse.store;

import dev.gatehouse.store.FileTable.OpenFile;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Applies the journal to the state, segment by segment. A bad stretch is damage if a batch that was
 * synced lay in it. Three things prove that: a later frame that was written after the sync, the
 * {@link HighWaterMark}, and the next segment's first sequence. Without proof the stretch is a
 * group that was never acknowledged, and is left out silently, unless it is longer than one group.
 */
final class Replay {
  private final FileTable table;
  private final State state;
  private final Damage damage;
  private final long epoch;
  private final long required;
  private long expected;
  private long first = -1;
  private long bytes;

  /**
   * Begins a replay.
   *
   * @param base the last sequence that the state has already
   * @param required the last sequence that is known to have been synced
   */
  Replay(FileTable table, State state, Damage damage, long epoch, long base, long required) {
    this.table = table;
    this.state = state;
    this.damage = damage;
    this.epoch = epoch;
    this.required = required;
    this.expected = base + 1;
  }

  /** The sequence of the first frame that was applied, or -1 if none was. */
  long first() {
    return first;
  }

  /** The last sequence that was applied or given up. */
  long last() {
    return expected - 1;
  }

  /** Bytes of the frames that were read. */
  long bytes() {
    return bytes;
  }

  /**
   * Applies one segment.
   *
   * @param listed whether the manifest names it, so that it had a header
   * @param limit the first sequence of the next segment, {@link Long#MAX_VALUE} if there is none
   */
  void segment(String name, boolean listed, long limit) throws IOException {
    OpenFile file = table.open(name);
    FrameReader reader = new FrameReader(file.handle());
    @Nullable String fault = FileTable.headerFault(file, epoch);
    if (fault != null && (listed || reader.next(0) != null)) {
      long to = reader.next(0) == null ? reader.size() : FileTable.HEADER;
      damage.report(file, 0, Math.min(to, reader.size()), fault + " at offset 0");
    }
    long position = FileTable.HEADER;
    while (position < reader.size()) {
      @Nullable Frame frame = reader.at(position);
      if (frame == null || frame.sequence() > expected) {
        frame = behind(file, reader, position, frame, limit);
      }
      if (frame == null || frame.sequence() >= limit) {
        break; // nothing that counts follows, or the next segment has it again
      }
      apply(frame, file);
      position = frame.end();
    }
    finish(file, reader, position, limit);
  }

  /** The frame to go on with behind a bad stretch; null if only what nobody needs follows. */
  private @Nullable Frame behind(
      OpenFile file, FrameReader reader, long position, @Nullable Frame here, long limit)
      throws IOException {
    if (expected == limit) {
      return null; // written again in the next segment
    }
    @Nullable Frame next = here == null ? reader.next(position + 1) : here;
    long durable = limit == Long.MAX_VALUE ? required : limit - 1;
    for (Frame frame = next; frame != null; frame = reader.next(frame.end())) {
      durable = Math.max(durable, frame.durable());
    }
    if (next == null || durable < expected) {
      return null; // never synced, so never acknowledged
    }
    long lost = Math.min(next.sequence(), limit) - 1;
    damage.report(file, position, next.position(), missing(position, lost));
    return next;
  }

  private void apply(Frame frame, OpenFile file) {
    bytes += frame.size();
    if (frame.sequence() < expected) {
      return; // the checkpoint has it
    }
    state.apply(BatchCodec.decode(frame.body(), file.number(), frame.position() + Frame.HEADER));
    expected = frame.sequence() + 1;
    if (first < 0) {
      first = frame.sequence();
    }
  }

  /** Looks at what is left of a segment behind its last good frame. */
  private void finish(OpenFile file, FrameReader reader, long position, long limit)
      throws IOException {
    long synced = limit == Long.MAX_VALUE ? required : limit - 1;
    long unread = reader.size() - position;
    if (expected <= synced) {
      damage.report(file, position, reader.size(), missing(position, synced));
      expected = synced + 1;
    } else if (limit == Long.MAX_VALUE && unread > longestGroup(reader, position)) {
      damage.report(
          file,
          position,
          reader.size(),
          "damaged at offset %d: %d bytes cannot be read, more than one write leaves"
              .formatted(position, unread));
    }
  }

  private static long longestGroup(FrameReader reader, long position) throws IOException {
    return Math.max(Journal.LONGEST_TAIL, reader.lengthAt(position));
  }

  private String missing(long position, long last) {
    return last < expected
        ? "damaged at offset " + position
        : "damaged at offset %d: batches %d to %d are missing".formatted(position, expected, last);
  }
}
