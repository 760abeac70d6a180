package dev.gatehouse.store;

import dev.gatehouse.store.BatchCodec.Location;
import java.util.Arrays;

/**
 * What a queue holds and where it lies, in arrays: some 40 bytes an entry, no objects. Guarded by
 * {@link State}'s lock.
 */
final class QueueIndex {
  private static final int MINIMUM = 8;

  private long[] numbers = new long[MINIMUM];
  private long[] headers = new long[MINIMUM];
  private long[] values = new long[MINIMUM];
  private int[] files = new int[MINIMUM];
  private int[] headerLengths = new int[MINIMUM];
  private int[] valueLengths = new int[MINIMUM];
  private int head;
  private int tail;
  private long bytes;
  private long last = -1;

  int size() {
    return tail - head;
  }

  long bytes() {
    return bytes;
  }

  long last() {
    return last;
  }

  /** Appends, unless an entry of that number or a later one has been here already. */
  void append(long number, Location location) {
    if (number <= last) {
      return;
    }
    if (tail == numbers.length) {
      makeRoom();
    }
    numbers[tail] = number;
    set(tail, location);
    tail++;
    last = number;
    bytes += location.bytes();
  }

  /** Where an entry lies from now on; no effect if it has gone. */
  void relocate(long number, Location location) {
    int at = indexOf(number);
    if (at < tail && numbers[at] == number) {
      set(at, location);
    }
  }

  private void set(int at, Location location) {
    files[at] = location.file();
    headers[at] = location.headerPosition();
    headerLengths[at] = location.headerLength();
    values[at] = location.valuePosition();
    valueLengths[at] = location.valueLength();
  }

  void trim(long upTo) {
    while (head < tail && numbers[head] <= upTo) {
      bytes -= headerLengths[head] + valueLengths[head];
      head++;
    }
    last = Math.max(last, upTo);
    if (head == tail) {
      reset();
    }
  }

  private void reset() {
    head = 0;
    tail = 0;
    if (numbers.length > 1024) {
      resize(MINIMUM);
    }
  }

  /** First index whose number is at least the given one. */
  int indexOf(long number) {
    int at = Arrays.binarySearch(numbers, head, tail, number);
    return at >= 0 ? at : -at - 1;
  }

  /** One past the last index. */
  int end() {
    return tail;
  }

  int begin() {
    return head;
  }

  long number(int at) {
    return numbers[at];
  }

  Location location(int at) {
    return new Location(files[at], headers[at], headerLengths[at], values[at], valueLengths[at]);
  }

  private void makeRoom() {
    int size = size();
    resize(size * 2 > numbers.length ? numbers.length * 2 : numbers.length);
  }

  private void resize(int capacity) {
    int size = size();
    numbers = Arrays.copyOf(Arrays.copyOfRange(numbers, head, tail), capacity);
    headers = Arrays.copyOf(Arrays.copyOfRange(headers, head, tail), capacity);
    values = Arrays.copyOf(Arrays.copyOfRange(values, head, tail), capacity);
    files = Arrays.copyOf(Arrays.copyOfRange(files, head, tail), capacity);
    headerLengths = Arrays.copyOf(Arrays.copyOfRange(headerLengths, head, tail), capacity);
    valueLengths = Arrays.copyOf(Arrays.copyOfRange(valueLengths, head, tail), capacity);
    head = 0;
    tail = size;
  }
}
