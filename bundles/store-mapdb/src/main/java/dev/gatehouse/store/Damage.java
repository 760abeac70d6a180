package dev.gatehouse.store;

import dev.gatehouse.store.FileTable.OpenFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The damage that a recovery finds: logged, listed, and the damaged bytes kept in quarantine. */
final class Damage {
  private static final Logger LOG = LoggerFactory.getLogger(Damage.class);

  private final FileLayer layer;
  private final List<String> found = new ArrayList<>();

  Damage(FileLayer layer) {
    this.layer = layer;
  }

  boolean isEmpty() {
    return found.isEmpty();
  }

  List<String> found() {
    return List.copyOf(found);
  }

  /** Reports a file without a copy of it. */
  void report(String fault) {
    found.add(fault);
    LOG.error("event=store-damage fault=\"{}\"", fault);
  }

  /** Reports a stretch of a file and keeps a copy; a disk without room for it stops no start. */
  void report(OpenFile file, long from, long to, String fault) {
    String kept = "";
    if (to > from) {
      try {
        Quarantine.keep(layer, file, from, to);
      } catch (IOException e) {
        kept = " (no copy in quarantine: " + e.getMessage() + ")";
      }
    }
    report(file.name() + ": " + fault + kept);
  }
}
