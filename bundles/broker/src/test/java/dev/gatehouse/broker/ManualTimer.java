package dev.gatehouse.broker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A timer that stands still until it is told to advance; tasks run on the caller's thread. */
final class ManualTimer implements Timer {
  private final List<Due> tasks = new ArrayList<>(); // guarded by this
  private Duration now = Duration.ZERO; // guarded by this

  private record Due(Duration at, Runnable action) {}

  @Override
  public synchronized Task after(Duration delay, Runnable action) {
    Due due = new Due(now.plus(delay), action);
    tasks.add(due);
    return () -> {
      synchronized (ManualTimer.this) {
        tasks.removeIf(each -> each == due);
      }
    };
  }

  @Override
  public synchronized Duration now() {
    return now;
  }

  /** What a crash is to it. */
  synchronized void forget() {
    tasks.clear();
  }

  synchronized int waiting() {
    return tasks.size();
  }

  void advance(Duration step) {
    Duration end;
    synchronized (this) {
      end = now.plus(step);
    }
    for (Due due = next(end); due != null; due = next(end)) {
      due.action.run();
    }
    synchronized (this) {
      now = end;
    }
  }

  private synchronized Due next(Duration end) {
    Due due =
        tasks.stream()
            .filter(each -> each.at.compareTo(end) <= 0)
            .min(Comparator.comparing(Due::at))
            .orElse(null);
    if (due != null) {
      tasks.remove(due);
      now = due.at.compareTo(now) > 0 ? due.at : now;
    }
    return due;
  }
}
