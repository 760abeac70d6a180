package dev.gatehouse.load;

import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Publishes message k at start + k / rate, whatever the broker does, and stamps it with that time,
 * so that a stall counts for all that it delays. A thread of its own, because a selector's timeout
 * knows whole milliseconds only.
 */
final class Pacer implements Runnable {
  private final List<Publisher> publishers;
  private final double nanosEach;
  private final Histogram lateness = new Histogram();
  private volatile boolean stopped;
  private volatile long sent;

  Pacer(List<Publisher> publishers, double rate) {
    this.publishers = publishers;
    nanosEach = 1e9 / rate;
  }

  long sent() {
    return sent;
  }

  /** How long after their time messages were sent; to be read when it has ended. */
  Histogram lateness() {
    return lateness;
  }

  void stop() {
    stopped = true;
  }

  @Override
  public void run() {
    long start = System.nanoTime();
    for (long k = 0; !stopped; k++) {
      long due = start + (long) (k * nanosEach);
      for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
        LockSupport.parkNanos(left);
      }
      Publisher publisher = publishers.get((int) (k % publishers.size()));
      if (publisher.hasRoom(Integer.MAX_VALUE)) {
        lateness.add(System.nanoTime() - due);
        publisher.publish(due);
        publisher.flush();
        sent = sent + 1;
      }
    }
    publishers.forEach(Publisher::flush);
  }
}
