package dev.gatehouse.actions.s3;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * Objects as files. An object is there whole or not at all, and when {@link #put} returns it
 * outlasts a power cut. One thread at a time.
 */
final class ObjectFiles {
  // No bucket is called so: their names begin with a letter or digit.
  private static final String INCOMING = ".incoming";

  private final Path directory;
  private final Opener opener;
  private boolean prepared;
  private long sequence;

  ObjectFiles(Path directory) {
    this(directory, path -> FileChannel.open(path, CREATE_NEW, WRITE));
  }

  ObjectFiles(Path directory, Opener opener) {
    this.directory = directory;
    this.opener = opener;
  }

  /**
   * Writes or replaces an object.
   *
   * @throws IllegalArgumentException if the path is taken by something that is not an object
   * @throws IOException if it can not be written now; what was there before still is
   */
  void put(BucketName bucket, ObjectKey key, byte[] content) throws IOException {
    prepare();
    List<String> segments = key.segments();
    Path parent = enter(directory, bucket.value());
    for (String segment : segments.subList(0, segments.size() - 1)) {
      parent = enter(parent, segment);
    }
    Path target = parent.resolve(segments.get(segments.size() - 1));
    if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)
        && !Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS)) {
      throw new IllegalArgumentException(
          "key '" + String.join("/", segments) + "' is taken by the keys below it, or by a link");
    }
    Path incoming = directory.resolve(INCOMING).resolve(Long.toString(sequence++));
    try {
      write(incoming, content);
      Files.move(incoming, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException | RuntimeException e) {
      discard(incoming, e);
      throw e;
    }
    sync(parent);
  }

  private void prepare() throws IOException {
    if (prepared) {
      return;
    }
    Path incoming = directory.resolve(INCOMING);
    Files.createDirectories(incoming);
    // What a power cut left was never acknowledged.
    try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(incoming)) {
      for (Path leftover : leftovers) {
        Files.delete(leftover);
      }
    }
    Path above = directory.getParent();
    if (above != null) {
      sync(above);
    }
    prepared = true;
  }

  private static Path enter(Path parent, String name) throws IOException {
    Path child = parent.resolve(name);
    if (Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS)) {
      return child;
    }
    if (Files.exists(child, LinkOption.NOFOLLOW_LINKS)) {
      throw new IllegalArgumentException("'" + name + "' in the key is an object, or a link");
    }
    Files.createDirectory(child);
    sync(parent);
    return child;
  }

  private void write(Path file, byte[] content) throws IOException {
    try (FileChannel channel = opener.open(file)) {
      ByteBuffer buffer = ByteBuffer.wrap(content);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      channel.force(true);
    }
  }

  private static void discard(Path file, Exception because) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      because.addSuppressed(e);
    }
  }

  private static void sync(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, READ)) {
      channel.force(true);
    }
  }

  /** Opens a new file for writing. */
  interface Opener {
    FileChannel open(Path path) throws IOException;
  }
}
