package dev.gatehouse.shadow;

/** About how many bytes of the heap a request on a shadow takes, from the bytes that it came as. */
final class RequestCost {
  private static final int REQUEST = 512;
  private static final int WORK = 2_048;

  /** A member of a tree, its timestamp as a tree, and both in the answers. */
  private static final int LEAF = 460;

  /** State in the trees before and after, and in up to five answers. */
  private static final int STATE = 12;

  /** Metadata, whose trees take nine times their text, in the answers too. */
  private static final int METADATA = 18;

  private RequestCost() {}

  /** Of a request that waits. */
  static long waiting(byte[] request) {
    return (long) REQUEST + request.length;
  }

  /** Of the work on an update; each leaf of what was sent is behind a comma or a bracket. */
  static long update(byte[] request, ShadowRow row) {
    long leaves = 1;
    for (byte each : request) {
      if (each == ',' || each == '{' || each == '[') {
        leaves++;
      }
    }
    return read(row) + leaves * LEAF + (long) STATE * request.length;
  }

  /** Of an update that waits for the disk: the row, which the store has too, and the answers. */
  static long durable(ShadowRow row, ShadowAnswers.Told told) {
    return REQUEST + 2L * (row.state().length + row.metadata().length) + told.bytes();
  }

  /** Of the work on a request that reads the shadow. */
  static long read(ShadowRow row) {
    return WORK + (long) STATE * row.state().length + (long) METADATA * row.metadata().length;
  }
}
