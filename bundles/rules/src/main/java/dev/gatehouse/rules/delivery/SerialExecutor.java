package dev.gatehouse.rules.delivery;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;

/** Runs tasks one after the other on a pool, of which it takes one thread at most. */
public final class SerialExecutor implements Executor {
  private final Executor pool;
  private final Deque<Runnable> waiting = new ArrayDeque<>(); // guarded by this
  private boolean running; // guarded by this

  /** On a pool; whoever hands tasks over bounds their number. */
  public SerialExecutor(Executor pool) {
    this.pool = pool;
  }

  @Override
  public void execute(Runnable task) {
    synchronized (this) {
      waiting.add(task);
      if (running) {
        return;
      }
      running = true;
    }
    pool.execute(this::run);
  }

  /** One task, then back to the end of the pool's queue: lanes take turns. */
  private void run() {
    Runnable task;
    synchronized (this) {
      task = waiting.remove();
    }
    try {
      task.run();
    } finally {
      boolean more;
      synchronized (this) {
        more = !waiting.isEmpty();
        running = more;
      }
      if (more) {
        pool.execute(this::run);
      }
    }
  }
}
