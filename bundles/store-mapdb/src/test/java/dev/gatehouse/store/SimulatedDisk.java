package dev.gatehouse.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A disk in memory that knows what was synced. It can stop working after a number of operations,
 * fail syncs, run full, and say what a power cut would have left: any subset of the writes that
 * were not synced, torn at sectors, and any prefix of the unsynced changes of the directory.
 */
final class SimulatedDisk implements FileLayer {
  private static final int SECTOR = 512;

  private final Map<String, Inode> directory = new LinkedHashMap<>();
  private final Map<String, Inode> syncedDirectory = new LinkedHashMap<>();
  private final List<DirectoryChange> unsyncedChanges = new ArrayList<>();
  private long operations;
  private long failAfter = Long.MAX_VALUE;
  private int failingSyncs;
  private long capacity = Long.MAX_VALUE;

  /** Every operation from the given number on fails. */
  synchronized void failAfter(long operation) {
    failAfter = operation;
  }

  synchronized void failNextSyncs(int count) {
    failingSyncs = count;
  }

  synchronized void capacity(long bytes) {
    capacity = bytes;
  }

  synchronized long operations() {
    return operations;
  }

  synchronized long used() {
    return directory.values().stream().mapToLong(inode -> inode.content.length).sum();
  }

  /** The content of a file, for tests that damage it. */
  synchronized byte[] content(String name) {
    return directory.get(name).content.clone();
  }

  /** A disk with the same files, all synced. */
  synchronized SimulatedDisk copy() {
    SimulatedDisk copy = new SimulatedDisk();
    directory.forEach((name, inode) -> copy.place(name, inode.content.clone()));
    return copy;
  }

  synchronized void place(String name, byte[] content) {
    Inode inode = new Inode();
    inode.content = content;
    inode.synced = content.clone();
    directory.put(name, inode);
    syncedDirectory.put(name, inode);
  }

  synchronized void remove(String name) {
    directory.remove(name);
    syncedDirectory.remove(name);
  }

  /** What is on the disk after a power cut at this moment. */
  synchronized SimulatedDisk afterPowerCut(Random random) {
    Map<String, Inode> survivors = new LinkedHashMap<>(syncedDirectory);
    int prefix = random.nextInt(unsyncedChanges.size() + 1);
    unsyncedChanges.subList(0, prefix).forEach(change -> change.apply(survivors));
    SimulatedDisk disk = new SimulatedDisk();
    survivors.forEach((name, inode) -> disk.place(name, inode.torn(random)));
    return disk;
  }

  private void operation() throws IOException {
    if (++operations > failAfter) {
      throw new IOException("the disk has stopped working");
    }
  }

  @Override
  public synchronized Handle open(String name) throws IOException {
    Inode inode = directory.get(name);
    if (inode == null) {
      operation();
      Inode made = new Inode();
      change(files -> files.put(name, made));
      inode = made;
    }
    return new SimulatedHandle(inode);
  }

  private void change(DirectoryChange change) {
    change.apply(directory);
    unsyncedChanges.add(change);
  }

  @Override
  public synchronized List<String> list() {
    return directory.keySet().stream().sorted().toList();
  }

  @Override
  public synchronized void delete(String name) throws IOException {
    if (directory.containsKey(name)) {
      operation();
      change(files -> files.remove(name));
    }
  }

  @Override
  public synchronized void rename(String from, String to) throws IOException {
    operation();
    Inode inode = directory.get(from);
    change(
        files -> {
          files.remove(from);
          files.put(to, inode);
        });
  }

  @Override
  public synchronized void syncDirectory() throws IOException {
    operation();
    syncedDirectory.clear();
    syncedDirectory.putAll(directory);
    unsyncedChanges.clear();
  }

  @Override
  public synchronized long usableSpace() {
    return capacity - used();
  }

  private interface DirectoryChange {
    void apply(Map<String, Inode> files);
  }

  private static final class Inode {
    byte[] content = new byte[0];
    byte[] synced = new byte[0];
    final List<Write> unsynced = new ArrayList<>();

    byte[] torn(Random random) {
      byte[] result = synced.clone();
      for (Write write : unsynced) {
        if (random.nextInt(4) == 0) {
          continue; // this one never reached the disk
        }
        result = random.nextBoolean() ? write.apply(result) : write.applyTorn(result, random);
      }
      return result;
    }
  }

  private record Write(byte[] bytes, long position, boolean truncation) {
    byte[] apply(byte[] content) {
      if (truncation) {
        return Arrays.copyOf(content, (int) position);
      }
      byte[] result =
          Arrays.copyOf(content, Math.max(content.length, (int) position + bytes.length));
      System.arraycopy(bytes, 0, result, (int) position, bytes.length);
      return result;
    }

    byte[] applyTorn(byte[] content, Random random) {
      if (truncation) {
        return content;
      }
      byte[] result =
          Arrays.copyOf(content, Math.max(content.length, (int) position + bytes.length));
      for (int at = 0; at < bytes.length; at += SECTOR) {
        if (random.nextBoolean()) {
          int length = Math.min(SECTOR, bytes.length - at);
          System.arraycopy(bytes, at, result, (int) position + at, length);
        }
      }
      return result;
    }
  }

  private final class SimulatedHandle implements Handle {
    private final Inode inode;

    SimulatedHandle(Inode inode) {
      this.inode = inode;
    }

    @Override
    public void write(ByteBuffer bytes, long position) throws IOException {
      synchronized (SimulatedDisk.this) {
        operation();
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        long grows = Math.max(0, position + copy.length - inode.content.length);
        if (grows > usableSpace()) {
          throw new IOException("No space left on device");
        }
        apply(new Write(copy, position, false));
      }
    }

    private void apply(Write write) {
      inode.content = write.apply(inode.content);
      inode.unsynced.add(write);
    }

    @Override
    public int read(ByteBuffer into, long position) {
      synchronized (SimulatedDisk.this) {
        int count = (int) Math.min(into.remaining(), inode.content.length - position);
        if (count <= 0) {
          return 0;
        }
        into.put(inode.content, (int) position, count);
        return count;
      }
    }

    @Override
    public long size() {
      synchronized (SimulatedDisk.this) {
        return inode.content.length;
      }
    }

    @Override
    public void truncate(long size) throws IOException {
      synchronized (SimulatedDisk.this) {
        if (size < inode.content.length) {
          operation();
          apply(new Write(new byte[0], size, true));
        }
      }
    }

    @Override
    public void sync() throws IOException {
      synchronized (SimulatedDisk.this) {
        operation();
        if (failingSyncs > 0) {
          failingSyncs--;
          inode.unsynced.clear(); // the kernel forgets what it could not write
          throw new IOException("Input/output error");
        }
        inode.synced = inode.content.clone();
        inode.unsynced.clear();
      }
    }

    @Override
    public void close() {
      // nothing is held
    }
  }
}
