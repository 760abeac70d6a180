package dev.gatehouse.broker;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A field that is often the same as in the row before: read once, then shared. Used by one thread.
 */
final class Repeated<T> {
  private final Function<RowReader, T> reading;
  private byte[] row = {};
  private int from;
  private int to;
  private @Nullable T value;

  /**
   * A field.
   *
   * @param reading of a form that tells where it ends
   */
  Repeated(Function<RowReader, T> reading) {
    this.reading = reading;
  }

  T read(RowReader next) {
    T known = value;
    if (known != null && next.skip(row, from, to)) {
      return known;
    }
    int begin = next.position();
    T read = reading.apply(next);
    row = next.row();
    from = begin;
    to = next.position();
    value = read;
    return read;
  }
}
