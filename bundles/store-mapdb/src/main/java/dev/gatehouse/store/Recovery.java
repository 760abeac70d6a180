package dev.gatehouse.store;

import dev.gatehouse.store.FileTable.OpenFile;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Rebuilds the state from the newest good checkpoint and the journal behind it. What was never
 * acknowledged is left out silently; damage to anything else is reported with file and offset.
 */
final class Recovery {
  private final FileTable table;
  private final State state;
  private final Damage damage;
  private long epoch;
  private long required; // the last sequence that must be found
  private @Nullable Set<String> listed; // null if the manifest cannot be read

  Recovery(FileTable table, State state) {
    this.table = table;
    this.state = state;
    this.damage = new Damage(table.layer());
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
    List<String> files = names.stream().filter(Recovery::holdsFrames).sorted().toList();
    HighWaterMark.@Nullable Reading mark = HighWaterMark.read(table.layer());
    boolean manifest = names.contains(Manifest.NAME);
    if (!manifest && (mark == null || mark.durable() == 0) && neverWritten(files)) {
      return new Result(FileTable.newEpoch(), List.of(), 0, 0, List.of(), null);
    }
    if (!manifest) {
      damage.report(Manifest.NAME + " is missing");
    } else {
      @Nullable Result newer = readManifest(files);
      if (newer != null) {
        return newer;
      }
    }
    if (epoch == 0) {
      epoch = epochOf(files);
    }
    if (mark != null && (mark.epoch() == epoch || files.isEmpty())) {
      required = Math.max(required, mark.durable());
    }
    if (files.isEmpty() && required == 0 && damage.isEmpty()) {
      return new Result(epoch, List.of(), 0, 0, List.of(), null); // opened once, never written
    }
    return recover(files);
  }

  /** Takes over what the manifest says; a result if it is a newer version's. */
  private @Nullable Result readManifest(List<String> files) throws IOException {
    Manifest manifest;
    try {
      manifest = Manifest.read(table.layer());
    } catch (IOException e) {
      damage.report(String.valueOf(e.getMessage()));
      return null;
    }
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
    listed = Set.copyOf(manifest.files());
    for (String name : manifest.files()) {
      if (!files.contains(name)) {
        damage.report(name + " is missing");
      }
    }
    return null;
  }

  /**
   * A first start that was cut short. A segment has its header when it gets its name, and the
   * manifest is synced before the first frame is written.
   */
  private boolean neverWritten(List<String> files) throws IOException {
    if (files.isEmpty()) {
      return true;
    }
    if (files.size() > 1 || !files.get(0).equals(FileTable.name(FileTable.SEGMENT, 1))) {
      return false;
    }
    OpenFile file = table.open(files.get(0));
    try {
      return file.handle().size() == FileTable.HEADER
          && FileTable.headerFault(file, epochOf(files)) == null;
    } finally {
      table.close(file);
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
    state.beginLoad();
    long base = -1;
    for (String checkpoint : checkpoints) {
      if (load(checkpoint, false)) {
        base = FileTable.sequence(checkpoint);
        break;
      }
    }
    if (base < 0 && !checkpoints.isEmpty() && !wholeHistory(segments)) {
      load(checkpoints.get(0), true);
      Replay replay = replay(segments, FileTable.sequence(checkpoints.get(0)));
      return result(files, replay, "no checkpoint is whole");
    }
    Replay replay = replay(segments, Math.max(0, base));
    boolean begun = base >= 0 || replay.first() == 1;
    if (begun || (required == 0 && damage.isEmpty())) {
      return result(files, replay, null);
    }
    return result(
        files,
        replay,
        replay.first() < 0
            ? "nothing of the store can be read"
            : "there is no checkpoint, and the beginning of the journal is damaged");
  }

  /** Whether the journal still begins with the first batch ever. */
  private static boolean wholeHistory(List<String> segments) {
    return !segments.isEmpty() && FileTable.sequence(segments.get(0)) == 1;
  }

  private Replay replay(List<String> segments, long base) throws IOException {
    Replay replay = new Replay(table, state, damage, epoch, base, required);
    for (int i = 0; i < segments.size(); i++) {
      String name = segments.get(i);
      long limit =
          i + 1 < segments.size() ? FileTable.sequence(segments.get(i + 1)) : Long.MAX_VALUE;
      if (limit > replay.last() + 1) {
        Set<String> sure = listed;
        replay.segment(name, sure == null || sure.contains(name), limit);
      }
    }
    state.endLoad();
    if (replay.last() < required) {
      damage.report("batches " + (replay.last() + 1) + " to " + required + " are missing");
    }
    return replay;
  }

  private Result result(List<String> files, Replay replay, @Nullable String fault) {
    @Nullable String unusable =
        fault == null ? null : fault + "; what could be read is served, nothing is written";
    return new Result(
        epoch, files, Math.max(replay.last(), required), replay.bytes(), damage.found(), unusable);
  }

  /** Takes a checkpoint as what the journal changes; false if it is not whole. */
  private boolean load(String name, boolean salvage) throws IOException {
    state.beginLoad();
    OpenFile file = table.open(name);
    CheckpointReader reader = new CheckpointReader(file, epoch, salvage);
    for (var entries = reader.next(); entries != null; entries = reader.next()) {
      state.check(entries);
    }
    required = Math.max(required, reader.required());
    if (reader.whole() || salvage) {
      state.base(new CheckpointRows(new CheckpointReader(file, epoch, salvage), salvage));
      return true;
    }
    damage.report(reader.fault());
    table.close(file);
    state.beginLoad();
    return false;
  }
}
