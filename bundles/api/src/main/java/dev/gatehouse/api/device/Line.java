package dev.gatehouse.api.device;

import java.time.Duration;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A handle to a line of devices. Tasks of one line run one at a time, in the order in which they
 * became due. A task may block; it is interrupted if its handle is closed meanwhile. A task that
 * throws is logged, once until it succeeds again, and runs again if it repeats.
 */
@ProviderType
public interface Line extends AutoCloseable {

  /** One-shot tasks of a line that may wait; {@link #run} refuses more. */
  int MAX_WAITING = 64;

  /**
   * Runs a task as soon as the line is free.
   *
   * @return false if {@value #MAX_WAITING} tasks wait or the handle is closed
   */
  boolean run(Runnable task);

  /** Runs a task once, after a delay and when the line is then free. */
  Task after(Duration delay, Runnable task);

  /**
   * Runs a task now and again and again, with a pause between the end of one run and the start of
   * the next. Runs that the line has no time for are left out, not made up for.
   */
  Task repeat(Duration pause, Runnable task);

  /** Cancels what was given to this handle and interrupts its task that runs now. */
  @Override
  void close();

  /** A task that waits for its time. */
  interface Task {
    /** Cancels the task; one that runs now ends normally. */
    void cancel();
  }
}
