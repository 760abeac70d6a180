package dev.gatehouse.api.store;

import java.util.List;
import java.util.Optional;
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
