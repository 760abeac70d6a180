package dev.gatehouse.store;

import dev.gatehouse.api.store.Batch;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether batches may go ahead, one after the other: what a batch expects is held against the state
 * and against what the batches before it in the same group are about to do.
 */
final class Expectations {
  private final State state;
  private final Map<Key, Optional<byte[]>> pending = new HashMap<>();

  Expectations(State state) {
    this.state = state;
  }

  /** The table whose row is not as expected, or null if all are; then the batch's changes count. */
  @Nullable String check(Batch batch) {
    Map<Key, Optional<byte[]>> own = new HashMap<>();
    for (Batch.Change change : batch.changes()) {
      if (change instanceof Batch.Put put) {
        own.put(new Key(put.table(), put.key()), Optional.of(put.value()));
      } else if (change instanceof Batch.Delete delete) {
        own.put(new Key(delete.table(), delete.key()), Optional.empty());
      } else if (change instanceof Batch.Expect expect
          && !Arrays.equals(current(new Key(expect.table(), expect.key()), own), expect.value())) {
        return expect.table();
      }
    }
    pending.putAll(own);
    return null;
  }

  private byte @Nullable [] current(Key key, Map<Key, Optional<byte[]>> own) {
    Optional<byte[]> written = own.get(key);
    if (written == null) {
      written = pending.get(key);
    }
    if (written != null) {
      return written.orElse(null);
    }
    return state.<byte @Nullable []>read(rows -> rows.get(key.table, key.key));
  }

  private record Key(String table, byte[] key) {
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Key that && table.equals(that.table) && Arrays.equals(key, that.key);
    }

    @Override
    public int hashCode() {
      return 31 * table.hashCode() + Arrays.hashCode(key);
    }
  }
}
