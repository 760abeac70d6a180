package dev.gatehouse.broker;

import java.time.Duration;

/** Does things later, by a clock that only goes forward. */
interface Timer {

  /** Runs an action once, on the timer's thread. */
  Task after(Duration delay, Runnable action);

  /** Time on that clock. Only differences mean something. */
  Duration now();

  /** Something that is due. */
  interface Task {
    /** No effect if it ran already. */
    void cancel();
  }
}
