package dev.gatehouse.actions.s3;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Objects as files. An object is there whole or not at all, and when {@link #put} returns it
 * outlasts a power cut. Safe for concurrent use; of two that put one key at once either may win.
 */
final class ObjectFiles {
  // No bucket is called so: their names begin with a letter or digit.
  private static final String INCOMING = ".incoming";

  private final Path directory;
  private final Opener opener;
  private final AtomicLong sequence = new AtomicLong();

  /** Held by the first use alone, while it clears what a former run left. */
  private final ReentrantLock preparing = new ReentrantLock();

  private volatile boolean prepared;

  /** Directories that are being created. A writer waits until its directory is durable. */
  private final ConcurrentMap<Path, CompletableFuture<Void>> making = new ConcurrentHashMap<>();

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
    Path incoming = directory.resolve(INCOMING).resolve(Long.toString(sequence.getAndIncrement()));
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
    preparing.lock();
    try {
      if (!prepared) {
        clear();
        prepared = true;
      }
    } finally {
      preparing.unlock();
    }
  }

  private void clear() throws IOException {
    Path incoming = directory.resolve(INCOMING);
    Files.createDirectories(incoming);
    // Objects that a power cut left unfinished were never acknowledged.
    try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(incoming)) {
      for (Path leftover : leftovers) {
        Files.delete(leftover);
      }
    }
    Path above = directory.getParent();
    if (above != null) {
      sync(above);
    }
  }

  private Path enter(Path parent, String name) throws IOException {
    Path child = parent.resolve(name);
    boolean there = Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS);
    if (!there
        && Files.exists(child, LinkOption.NOFOLLOW_LINKS)
        && !Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS)) { // not made just now
      throw new IllegalArgumentException("'" + name + "' in the key is an object, or a link");
    }
    CompletableFuture<Void> other =
        there ? making.get(child) : making.putIfAbsent(child, new CompletableFuture<>());
    if (other != null) {
      await(other);
    } else if (!there) {
      make(child, parent);
    }
    return child;
  }

  private void make(Path child, Path parent) throws IOException {
    CompletableFuture<Void> made = Objects.requireNonNull(making.get(child));
    try {
      if (!Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS)) {
        Files.createDirectory(child);
        sync(parent);
      }
      made.complete(null);
    } catch (IOException | RuntimeException e) {
      made.completeExceptionally(e);
      throw e;
    } finally {
      making.remove(child, made);
    }
  }

  private static void await(CompletableFuture<Void> made) throws IOException {
    try {
      made.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while a directory was made");
    } catch (ExecutionException e) {
      throw new IOException("a directory cannot be made", e.getCause());
    }
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
