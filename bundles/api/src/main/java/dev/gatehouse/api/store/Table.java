package dev.gatehouse.api.store;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A sorted map of bytes, in the order of unsigned bytes. Reads see committed data only. They may
 * touch the disk: not for event loops.
 */
@ProviderType
public interface Table {

  /** The value of a key; the array is the caller's. */
  Optional<byte[]> get(byte[] key);

  /**
   * A page of rows.
   *
   * @param from first key, inclusive; null: from the beginning
   * @param to last key, exclusive; null: to the end
   * @param limit at least 1
   */
  List<Row> range(byte @Nullable [] from, byte @Nullable [] to, int limit, Order order);

  /**
   * Reads all rows, from the first key on, a page at a time: what changes meanwhile is seen or not.
   * Rows may be changed while they are read.
   *
   * @param pageSize at least 1
   */
  default void forEach(int pageSize, Consumer<Row> reader) {
    byte @Nullable [] from = null;
    List<Row> page;
    do {
      page = range(from, null, pageSize, Order.ASCENDING);
      if (!page.isEmpty()) {
        byte[] last = page.get(page.size() - 1).key();
        from = Arrays.copyOf(last, last.length + 1); // the next possible key
      }
      page.forEach(reader);
    } while (page.size() == pageSize);
  }

  /** Number of rows; cheap. */
  long size();

  /** The direction of a range; the bounds keep their meaning. */
  enum Order {
    ASCENDING,
    DESCENDING
  }

  /** A key and its value; both arrays are the caller's. */
  record Row(byte[] key, byte[] value) {}
}
