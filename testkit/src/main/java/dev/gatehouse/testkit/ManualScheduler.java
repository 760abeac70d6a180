package dev.gatehouse.testkit;

import dev.gatehouse.api.device.DeviceScheduler;
import dev.gatehouse.api.device.Line;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Lines without threads or clocks: tasks run on the caller's thread, at once or when {@link
 * #advance} reaches their time. A line that is {@linkplain #occupy occupied} lets its tasks wait.
 */
public final class ManualScheduler implements DeviceScheduler {
  private final List<Timed> timed = new ArrayList<>();
  private final Map<String, List<Runnable>> occupied = new HashMap<>();
  private final Map<String, Integer> open = new HashMap<>();
  private long nowNanos;
  private long sequence;

  /** Lets time pass and runs what becomes due, in order. */
  public void advance(Duration step) {
    long end = nowNanos + step.toNanos();
    Timed next = due(end);
    while (next != null) {
      nowNanos = Math.max(nowNanos, next.atNanos);
      timed.remove(next);
      next.fire();
      next = due(end);
    }
    nowNanos = end;
  }

  /** As if another device of the line were being read: what becomes due waits. */
  public void occupy(String lineId) {
    occupied.putIfAbsent(lineId, new ArrayList<>());
  }

  /** Ends {@link #occupy} and runs what waited. */
  public void vacate(String lineId) {
    List<Runnable> waiting = occupied.remove(lineId);
    if (waiting != null) {
      waiting.forEach(Runnable::run);
    }
  }

  /** The handles of a line that are open. */
  public int handles(String lineId) {
    return open.getOrDefault(lineId, 0);
  }

  @Override
  public Line line(String lineId) {
    open.merge(lineId, 1, Integer::sum);
    return new Handle(lineId);
  }

  private @Nullable Timed due(long endNanos) {
    Timed first = null;
    for (Timed task : timed) {
      if (task.atNanos <= endNanos
          && (first == null
              || task.atNanos < first.atNanos
              || (task.atNanos == first.atNanos && task.order < first.order))) {
        first = task;
      }
    }
    return first;
  }

  private final class Handle implements Line {
    private final String id;
    private boolean closed;

    Handle(String id) {
      this.id = id;
    }

    @Override
    public boolean run(Runnable task) {
      List<Runnable> waiting = occupied.get(id);
      if (closed || (waiting != null && waiting.size() >= MAX_WAITING)) {
        return false;
      }
      if (waiting == null) {
        task.run();
      } else {
        waiting.add(() -> runUnlessClosed(task));
      }
      return true;
    }

    @Override
    public Task after(Duration delay, Runnable task) {
      return schedule(new Timed(this, task, nowNanos + delay.toNanos(), null));
    }

    @Override
    public Task repeat(Duration pause, Runnable task) {
      Timed repeating = new Timed(this, task, nowNanos, pause);
      if (!closed) {
        repeating.fire();
      }
      return () -> {
        repeating.cancelled = true;
        timed.remove(repeating);
      };
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        open.merge(id, -1, Integer::sum);
        timed.removeIf(task -> task.handle == this);
      }
    }

    private Task schedule(Timed task) {
      if (!closed) {
        timed.add(task);
      }
      return () -> timed.remove(task);
    }

    private void runUnlessClosed(Runnable task) {
      if (!closed) {
        task.run();
      }
    }
  }

  private final class Timed {
    private final Handle handle;
    private final Runnable task;
    private final @Nullable Duration pause;
    private final long order = sequence++;
    private long atNanos;
    private boolean cancelled;

    Timed(Handle handle, Runnable task, long atNanos, @Nullable Duration pause) {
      this.handle = handle;
      this.task = task;
      this.atNanos = atNanos;
      this.pause = pause;
    }

    void fire() {
      handle.run(
          () -> {
            if (cancelled) {
              return;
            }
            task.run();
            if (pause != null && !cancelled && !handle.closed) {
              atNanos = nowNanos + pause.toNanos();
              timed.add(this);
            }
          });
    }
  }
}
