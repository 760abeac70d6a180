package dev.gatehouse.load;

/** Counts of durations in log-linear buckets, exact to 1.6 %. */
final class Histogram {
  private static final int BITS = 6;

  private final long[] buckets = new long[64 << BITS];
  private long count;

  void add(long nanos) {
    buckets[bucket(Math.max(0, nanos))]++;
    count++;
  }

  void clear() {
    java.util.Arrays.fill(buckets, 0);
    count = 0;
  }

  /** The value in milliseconds that this share of the durations does not exceed; 0 without any. */
  double millis(double share) {
    long wanted = (long) Math.ceil(share * count);
    long seen = 0;
    for (int i = 0; count > 0 && i < buckets.length; i++) {
      seen += buckets[i];
      if (seen >= wanted) {
        return middle(i) / 1e6;
      }
    }
    return 0;
  }

  private static int bucket(long nanos) {
    int shift = 63 - Long.numberOfLeadingZeros(nanos | 1) - BITS;
    if (shift <= 0) {
      return (int) nanos;
    }
    return ((shift + 1) << BITS) + (int) (nanos >>> shift) - (1 << BITS);
  }

  private static double middle(int bucket) {
    int shift = (bucket >> BITS) - 1;
    if (shift <= 0) {
      return bucket;
    }
    long low = ((1L << BITS) + (bucket & ((1 << BITS) - 1))) << shift;
    return low + (1L << shift) / 2.0;
  }
}
