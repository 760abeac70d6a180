package dev.gatehouse.store;

import dev.gatehouse.api.store.Batch;
import dev.gatehouse.store.FileTable.OpenFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rebuilds the state from the newest good checkpoint and the journal behind it. What was never
 * acknowledged is left out silently; damage to anything else is reported with file and offset.
 */
final class Recovery {
  private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

  private final FileTable table;
  private final State state;
  private final List<String> damage = new ArrayList<>();
  private long epoch;
  private long required; // the last sequence that must be found

  Recovery(FileTable table, State state) {
    this.table = table;
    this.state = state;
  }

  /**
   * What was found.
   *
   * @param files the segments and checkpoints that are there
   * @param last the last sequence that was applied
   * @param replayedBytes of the journal
   * @param unusable why the store must not be written, or null if it may
   */
  record Result(
      long epoch,
      List<String> files,
      long last,
      long replayedBytes,
      List<String> damage,
      @Nullable String unusable) {}

  Result run() throws IOException {
    List<String> names = table.layer().list();
    List<String> files =
        new ArrayList<>(names.stream().filter(Recovery::holdsFrames).sorted().toList());
    if (files.isEmpty() && !names.contains(Manifest.NAME)) {
      return new Result(FileTable.newEpoch(), List.of(), 0, 0, List.of(), null);
    }
    if (neverUsed(files)) {
      return new Result(FileTable.newEpoch(), List.of(), 0, 0, List.of(), null);
    }
    List<String> listed = List.of();
    if (names.contains(Manifest.NAME)) {
      try {
        Manifest manifest = Manifest.read(table.layer());
        if (manifest.schema() > FileTable.SCHEMA) {
          return refused(
              "it was written by a newer version (store schema "
                  + manifest.schema()
                  + ", this one knows "
                  + FileTable.SCHEMA
                  + ")");
        }
        epoch = manifest.epoch();
        required = manifest.durable();
        listed = manifest.files();
      } catch (IOException e) {
        damage.add(String.valueOf(e.getMessage()));
      }
    } else {
      damage.add(Manifest.NAME + " is missing");
    }
    if (files.isEmpty() && listed.isEmpty() && required == 0 && damage.isEmpty()) {
      return new Result(epoch, List.of(), 0, 0, List.of(), null); // opened once, never written
    }
    for (String name : listed) {
      if (!files.contains(name)) {
        damage.add(name + " is missing");
      }
    }
    if (epoch == 0) {
      epoch = epochOf(files);
    }
    return recover(files);
  }

  /**
   * A first start that was cut short. The manifest comes before the first frame, so without both
   * nothing was ever acknowledged.
   */
  private boolean neverUsed(List<String> files) throws IOException {
    if (files.size() != 1 || !files.get(0).equals(FileTable.name(FileTable.SEGMENT, 1))) {
      return false;
    }
    OpenFile file = table.open(files.get(0));
    boolean empty = new FrameReader(file.handle()).next(0) == null;
    table.close(file);
    return empty && required(table.layer()) == 0;
  }

  private static long required(FileLayer layer) throws IOException {
    if (!layer.list().contains(Manifest.NAME)) {
      return 0;
    }
    try {
      return Manifest.read(layer).durable();
    } catch (IOException e) {
      return 0;
    }
  }

  private static boolean holdsFrames(String name) {
    return name.matches("(segment|checkpoint)-[0-9a-f]{16}");
  }

  private static Result refused(String why) {
    return new Result(0, List.of(), 0, 0, List.of(), why);
  }

  /** Without a manifest, the first file that has a header tells which store this is. */
  private long epochOf(List<String> files) throws IOException {
    for (String name : files) {
      OpenFile file = table.open(name);
      java.nio.ByteBuffer header = java.nio.ByteBuffer.allocate(FileTable.HEADER);
      boolean whole = file.handle().read(header, 0) == FileTable.HEADER;
      table.close(file);
      if (whole && header.getLong(8) != 0) {
        return header.getLong(8);
      }
    }
    return FileTable.newEpoch();
  }

  private Result recover(List<String> files) throws IOException {
    List<String> checkpoints =
        files.stream()
            .filter(name -> name.startsWith(FileTable.CHECKPOINT))
            .sorted(Comparator.reverseOrder())
            .toList();
    List<String> segments =
        files.stream().filter(name -> name.startsWith(FileTable.SEGMENT)).toList();
    long base = -1;
    for (String checkpoint : checkpoints) {
      if (load(checkpoint, false)) {
        base = FileTable.sequence(checkpoint);
        break;
      }
      state.clear();
    }
    String unusable = null;
    if (base < 0 && !segments.isEmpty() && FileTable.sequence(segments.get(0)) == 1) {
      base = 0; // the whole history is still in the journal
    } else if (base < 0) {
      unusable = "no checkpoint is whole; what could be read is served, nothing is written";
      for (String checkpoint : checkpoints.stream().limit(1).toList()) {
        load(checkpoint, true);
        base = FileTable.sequence(checkpoint);
      }
    }
    Replay replay = new Replay(Math.max(0, base));
    for (int i = 0; i < segments.size(); i++) {
      long limit =
          i + 1 < segments.size() ? FileTable.sequence(segments.get(i + 1)) : Long.MAX_VALUE;
      if (limit > replay.expected) {
        replay.segment(segments.get(i), limit);
      }
    }
    long last = replay.expected - 1;
    if (last < required) {
      damage.add("batches " + (last + 1) + " to " + required + " are missing");
    }
    return new Result(epoch, files, Math.max(last, required), replay.bytes, damage, unusable);
  }

  /** Loads a checkpoint; false if it is not whole, unless what can be read shall do. */
  private boolean load(String name, boolean whatever) throws IOException {
    OpenFile file = table.open(name);
    @Nullable String fault = FileTable.headerFault(file, epoch);
    FrameReader reader = new FrameReader(file.handle());
    long position = FileTable.HEADER;
    long sequence = 0;
    while (fault == null || whatever) {
      Frame frame = reader.at(position);
      if (frame == null || frame.sequence() != ++sequence) {
        fault = "damaged at offset " + position;
        frame = whatever ? reader.next(position + 1) : null;
        if (frame == null) {
          break;
        }
        sequence = frame.sequence();
      }
      List<BatchCodec.Entry> entries =
          BatchCodec.decode(frame.body(), file.number(), frame.position() + Frame.HEADER);
      if (ended(entries)) {
        if (fault == null && frame.end() == reader.size()) {
          return true;
        }
        fault = fault == null ? "longer than it should be" : fault;
        break;
      }
      state.apply(entries);
      position = frame.end();
    }
    damage.add(name + ": " + fault);
    LOG.error("event=store-damage file={} fault=\"{}\"", name, fault);
    if (!whatever) {
      table.close(file);
    }
    return false;
  }

  private boolean ended(List<BatchCodec.Entry> entries) {
    if (entries.size() == 1
        && entries.get(0) instanceof BatchCodec.Row row
        && row.change() instanceof Batch.Put put
        && put.table().equals(CheckpointWriter.END_TABLE)) {
      required =
          Math.max(required, Long.parseLong(new String(put.key(), StandardCharsets.US_ASCII)));
      return true;
    }
    return false;
  }

  /** Applies the journal, segment by segment. */
  private final class Replay {
    long expected;
    long bytes;
    private final Set<String> reported = new HashSet<>();

    Replay(long base) {
      this.expected = base + 1;
    }

    void segment(String name, long limit) throws IOException {
      OpenFile file = table.open(name);
      @Nullable String fault = FileTable.headerFault(file, epoch);
      FrameReader reader = new FrameReader(file.handle());
      if (fault != null && reader.next(0) != null) {
        report(name, fault, file, 0, FileTable.HEADER);
      }
      long position = FileTable.HEADER;
      while (position < reader.size()) {
        Frame frame = reader.at(position);
        if (frame == null) {
          frame = behind(reader, name, file, position, limit);
          if (frame == null) {
            return;
          }
        }
        if (frame.sequence() >= limit) {
          return; // written again in the next segment
        }
        apply(frame, file);
        position = frame.end();
      }
    }

    /** The frame to go on with behind a bad stretch; null if only what nobody needs follows. */
    private @Nullable Frame behind(
        FrameReader reader, String name, OpenFile file, long position, long limit)
        throws IOException {
      @Nullable Frame next = reader.next(position + 1);
      long durable = -1;
      for (Frame frame = next; frame != null; frame = reader.next(frame.end())) {
        durable = Math.max(durable, frame.durable());
      }
      if (durable < expected || expected == limit) {
        return null; // never synced, so never acknowledged; or written again
      }
      report(
          name,
          "damaged at offset " + position,
          file,
          position,
          next == null ? reader.size() : next.position());
      return next;
    }

    private void apply(Frame frame, OpenFile file) {
      bytes += frame.size();
      if (frame.sequence() < expected) {
        return; // the checkpoint has it
      }
      if (frame.sequence() > expected && reported.isEmpty()) {
        damage.add("batches " + expected + " to " + (frame.sequence() - 1) + " are missing");
      }
      state.apply(BatchCodec.decode(frame.body(), file.number(), frame.position() + Frame.HEADER));
      expected = frame.sequence() + 1;
    }

    private void report(String name, String fault, OpenFile file, long from, long to)
        throws IOException {
      reported.add(name);
      damage.add(name + ": " + fault);
      LOG.error("event=store-damage file={} fault=\"{}\"", name, fault);
      Quarantine.keep(table.layer(), file, from, to);
    }
  }

  /** The damage found so far. */
  List<String> damage() {
    return Collections.unmodifiableList(damage);
  }
}
