package dev.gatehouse.load;

/** What arrived, against what was sent: counters of one run, kept by the loop's thread. */
final class Tally {
  final Histogram delivery = new Histogram();
  final Histogram acknowledgement = new Histogram();
  long received;
  long acknowledged;
  long duplicates;
  long reordered;
  long foreign;
  long disconnects;
  long lastDelivery;

  /** One publisher's messages to one subscriber: a bit for each that arrived. */
  final class Flow {
    private long[] seen = new long[64];
    private int next;

    void mark(int sequence, long sentAt, long now) {
      int word = sequence >> 6;
      if (word >= seen.length) {
        seen = java.util.Arrays.copyOf(seen, Math.max(word + 1, seen.length * 2));
      }
      long bit = 1L << (sequence & 63);
      if ((seen[word] & bit) != 0) {
        duplicates++;
        return;
      }
      seen[word] |= bit;
      if (sequence < next) {
        reordered++;
      } else {
        next = sequence + 1;
      }
      received++;
      lastDelivery = now;
      delivery.add(now - sentAt);
    }
  }
}
