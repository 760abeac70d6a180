package dev.gatehouse.shadow;

import dev.gatehouse.api.memory.MemoryShare;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Lets requests on shadows work as far as the memory goes. A request of 8 KB becomes trees and
 * answers of a megabyte, so few of that kind work at once and the others wait, each with its bytes
 * alone. Half of the share is for those that work, half for those that wait; when that is full,
 * requests are refused.
 */
final class Admission {
  private final MemoryShare memory;
  private final long half;
  private final Queue<Turn> line = new ArrayDeque<>(); // guarded by this, as all below
  private long waitingBytes;
  private long workingBytes;
  private boolean calling; // a thread is in callNext(), which lets those in the line begin

  private record Turn(long bytes, CompletableFuture<Pass> begun) {}

  Admission(MemoryShare memory) {
    this.memory = memory;
    this.half = memory.limitBytes() / 2;
  }

  /** Takes room for a request as it came; false if there is none. */
  boolean enter(long bytes) {
    synchronized (this) {
      if (waitingBytes + bytes > half) {
        return false;
      }
      waitingBytes += bytes;
    }
    memory.take(bytes);
    return true;
  }

  /** Gives the room of a request that entered back. */
  void leave(long bytes) {
    memory.release(bytes);
    synchronized (this) {
      waitingBytes -= bytes;
    }
  }

  /** The memory of a request that works. */
  final class Pass {
    private long bytes;

    private Pass(long bytes) {
      this.bytes = bytes;
    }

    /** Gives back what the rest of the work, such as waiting for the disk, does not need. */
    void keep(long most) {
      if (bytes > most) {
        giveBack(bytes - most);
        bytes = most;
      }
    }

    /** Gives back all of it. */
    void end() {
      giveBack(bytes);
      bytes = 0;
    }
  }

  /** Takes the memory that the work on a request needs; null if the request has to wait. */
  @Nullable Pass tryBegin(long bytes) {
    synchronized (this) {
      if (!line.isEmpty() || !fits(bytes)) {
        return null;
      }
      workingBytes += bytes;
    }
    memory.take(bytes);
    return new Pass(bytes);
  }

  /** However much one request needs, it may work alone. */
  private boolean fits(long bytes) {
    return workingBytes == 0 || workingBytes + bytes <= half;
  }

  /** Completes when the memory is taken, in the order of the calls. */
  CompletionStage<Pass> await(long bytes) {
    CompletableFuture<Pass> begun = new CompletableFuture<>();
    synchronized (this) {
      line.add(new Turn(bytes, begun));
    }
    callNext();
    return begun;
  }

  private void giveBack(long bytes) {
    memory.release(bytes);
    synchronized (this) {
      workingBytes -= bytes;
    }
    callNext();
  }

  /** In a loop: a row of requests that are done at once must not make the stack deep. */
  private void callNext() {
    boolean first = true;
    while (true) {
      Turn next;
      synchronized (this) {
        if (first && calling) {
          return;
        }
        first = false;
        next = line.peek();
        calling = next != null && fits(next.bytes);
        if (!calling) {
          return;
        }
        line.remove();
        workingBytes += next.bytes;
      }
      memory.take(next.bytes);
      next.begun.complete(new Pass(next.bytes));
    }
  }
}
