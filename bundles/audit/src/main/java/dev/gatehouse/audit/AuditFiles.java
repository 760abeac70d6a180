package dev.gatehouse.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The files: {@code audit-0000000001.jsonl} and so on, a record a line, the newest last. One thread
 * writes; others may read meanwhile. A last line that a power cut has torn is passed over.
 */
final class AuditFiles {
  private final Path directory;
  private final long fileBytes;
  private final int files;
  private FileChannel channel; // of the writing thread
  private long number; // of the writing thread
  private boolean unsynced; // of the writing thread

  AuditFiles(AuditSettings settings) throws IOException {
    this.directory =
        Files.createDirectories(
            settings.directory(),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    this.fileBytes = settings.fileBytes();
    this.files = settings.files();
    List<Path> there = list();
    this.number = there.isEmpty() ? 1 : number(there.get(there.size() - 1));
    this.channel = open(number);
    if (channel.size() > 0 && !endsWithNewline()) {
      append("\n".getBytes(StandardCharsets.UTF_8)); // so that the torn line stays alone
    }
  }

  private static long number(Path file) {
    return Long.parseLong(file.getFileName().toString().replaceAll("\\D", ""));
  }

  private List<Path> list() throws IOException {
    try (Stream<Path> all = Files.list(directory)) {
      return all.filter(file -> file.getFileName().toString().matches("audit-\\d{10}\\.jsonl"))
          .sorted()
          .toList();
    }
  }

  private FileChannel open(long fileNumber) throws IOException {
    return FileChannel.open(
        directory.resolve("audit-%010d.jsonl".formatted(fileNumber)),
        Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
  }

  private boolean endsWithNewline() throws IOException {
    ByteBuffer last = ByteBuffer.allocate(1);
    channel.read(last, channel.size() - 1);
    return last.get(0) == '\n';
  }

  private void append(byte[] bytes) throws IOException {
    ByteBuffer left = ByteBuffer.wrap(bytes);
    while (left.hasRemaining()) {
      channel.write(left, channel.size());
    }
    unsynced = true;
  }

  /** Writes lines, which the system keeps if the process ends. */
  void write(List<AuditRecord> records) throws IOException {
    for (AuditRecord record : records) {
      if (channel.size() >= fileBytes) {
        next();
      }
      append((Json.text(record.json()) + "\n").getBytes(StandardCharsets.UTF_8));
    }
  }

  private void next() throws IOException {
    sync();
    FileChannel opened = open(number + 1);
    channel.close();
    channel = opened;
    number++;
    List<Path> there = list();
    for (Path old : there.subList(0, Math.max(0, there.size() - files))) {
      Files.deleteIfExists(old);
    }
  }

  /** Makes sure of what was written, if anything was. */
  void sync() throws IOException {
    if (unsynced) {
      channel.force(false);
      unsynced = false;
    }
  }

  void close() throws IOException {
    sync();
    channel.close();
  }

  /** A line of a file, both counted from the oldest: it stays when records are added. */
  record Position(long file, long line) {
    /** After all records there are. */
    static final Position END = new Position(Long.MAX_VALUE, Long.MAX_VALUE);
  }

  /** A record and where it stands. */
  record Entry(AuditRecord record, Position position) {}

  /**
   * The newest records first. A file is read twice, once to count, so that no more records than are
   * wanted are in memory: as trees those of a file take ten times its size.
   *
   * @param before only records older than the one there
   */
  List<Entry> newest(Predicate<AuditRecord> fits, Position before, int limit) throws IOException {
    List<Entry> found = new ArrayList<>();
    List<Path> there = new ArrayList<>(list());
    Collections.reverse(there);
    for (Path file : there) {
      if (number(file) > before.file()) {
        continue;
      }
      long end = number(file) == before.file() ? before.line() : Long.MAX_VALUE;
      int[] count = {0};
      read(file, fits, end, entry -> count[0]++);
      found.addAll(last(file, fits, end, Math.max(0, count[0] - (limit - found.size()))));
      if (found.size() == limit) {
        return found;
      }
    }
    return found;
  }

  /** Those of a file that fit before a line, but for the first ones, the newest first. */
  private static List<Entry> last(Path file, Predicate<AuditRecord> fits, long end, int from)
      throws IOException {
    List<Entry> page = new ArrayList<>();
    int[] number = {0};
    read(
        file,
        fits,
        end,
        entry -> {
          if (number[0] >= from) {
            page.add(entry);
          }
          number[0]++;
        });
    Collections.reverse(page);
    return page;
  }

  private static void read(Path file, Predicate<AuditRecord> fits, long end, Consumer<Entry> reader)
      throws IOException {
    try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      long number = 0;
      for (String line = lines.readLine();
          line != null && number < end;
          line = lines.readLine(), number++) {
        AuditRecord record = parse(line);
        if (record != null && fits.test(record)) {
          reader.accept(new Entry(record, new Position(number(file), number)));
        }
      }
    } catch (NoSuchFileException e) {
      return; // it was the oldest and went meanwhile
    }
  }

  private static @Nullable AuditRecord parse(String line) {
    try {
      return Json.parse(line.getBytes(StandardCharsets.UTF_8)) instanceof ObjectNode json
          ? new AuditRecord(json)
          : null;
    } catch (JsonProcessingException e) {
      return null; // torn by a power cut
    }
  }
}
