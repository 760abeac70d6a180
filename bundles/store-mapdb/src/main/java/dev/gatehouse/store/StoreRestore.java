package dev.gatehouse.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * Puts a backup in a store's place while the gateway is down. The backup is read through and
 * checked first; the old store is kept beside the new one under another name.
 */
public final class StoreRestore {
  private StoreRestore() {}

  /**
   * For the launcher: {@code StoreRestore BACKUP STORE}.
   *
   * @throws IOException if the backup is not whole, or a file cannot be copied
   */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length != 2) {
      throw new IllegalArgumentException("usage: StoreRestore BACKUP STORE");
    }
    Path target = Path.of(arguments[1]);
    long sequence = restore(Path.of(arguments[0]), target);
    System.out.println("restored up to batch " + sequence + " in " + target);
  }

  /**
   * Restores.
   *
   * @return the sequence of the last batch in it
   * @throws IOException if the backup is not whole, or a file cannot be copied
   */
  public static long restore(Path backup, Path target) throws IOException {
    long sequence = verify(backup);
    Path draft = target.resolveSibling(target.getFileName() + ".restoring");
    DiskFileLayer layer = new DiskFileLayer(draft);
    for (String stale : layer.list()) {
      layer.delete(stale);
    }
    try (Stream<Path> files = Files.list(backup)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path copy = draft.resolve(String.valueOf(file.getFileName()));
        Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
        FileLayer.Handle handle = layer.open(String.valueOf(file.getFileName()));
        handle.sync();
        handle.close();
      }
    }
    layer.syncDirectory();
    if (Files.exists(target)) {
      Files.move(
          target,
          target.resolveSibling(target.getFileName() + ".before-" + System.currentTimeMillis()));
    }
    Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
    return sequence;
  }

  private static long verify(Path backup) throws IOException {
    if (!Files.isRegularFile(backup.resolve(Manifest.NAME))) {
      throw new IOException(backup + " holds no backup: it has no " + Manifest.NAME);
    }
    FileTable table = new FileTable(new DiskFileLayer(backup));
    Path scratch = Files.createTempFile("gatehouse-restore", ".db");
    State state = new State(new Rows(scratch, 64L << 20));
    try {
      Recovery.Result result = new Recovery(table, state).run();
      List<String> damage = result.damage();
      if (!damage.isEmpty() || result.unusable() != null) {
        throw new IOException(
            backup + " is damaged: " + (damage.isEmpty() ? result.unusable() : damage));
      }
      return result.last();
    } finally {
      table.closeAll();
      state.close();
      Files.deleteIfExists(scratch);
    }
  }
}
