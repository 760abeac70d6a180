package dev.gatehouse.load;

import java.io.IOException;

/** Lines for whoever started the run: marks as they happen, one result at the end. */
final class Report {
  private final StringBuilder result = new StringBuilder("result");

  /** Says that a measured span begins or ends now; whoever reads it looks at the broker's clock. */
  void mark(String name) {
    System.out.println("mark " + name);
    System.out.flush();
  }

  /** A mark that waits until it has been dealt with. */
  void markAndWait(String name) throws IOException {
    mark(name);
    if (System.in.read() < 0) {
      throw new IOException("nobody answers the mark " + name);
    }
  }

  void add(String name, double value) {
    result.append(' ').append(name).append('=').append(value);
  }

  void add(Tally tally, long expected) {
    add("expected", expected);
    add("lost", expected - tally.received);
    add("duplicates", tally.duplicates);
    add("reordered", tally.reordered);
    add("foreign", tally.foreign);
    add("disconnects", tally.disconnects);
  }

  void print() {
    System.out.println(result);
  }
}
