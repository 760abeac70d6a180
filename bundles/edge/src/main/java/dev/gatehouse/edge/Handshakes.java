package dev.gatehouse.edge;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Lets a bounded number of TLS handshakes run at a time. Otherwise thousands of clients that come
 * back at once would all make progress together, and all would run into their time-outs together.
 * The others wait, their further bytes unread. Addresses take turns, so that one address with many
 * clients does not keep those of another one waiting.
 *
 * <p>A handshake that is not over after {@link #STALL_MILLIS} goes on, but no longer counts as
 * running: it waits for its client. Of those, too, there is a bounded number. Thread-safe.
 */
public final class Handshakes {
  /** How long a handshake counts as running. A client with a slow processor takes longer. */
  static final long STALL_MILLIS = 500;

  private final Limits limits;

  // guarded by this
  private final Map<Long, Site> sites = new HashMap<>();
  private final Deque<Site> eligible = new ArrayDeque<>(); // with a turn to grant, in order
  private int waiting;
  private int running;
  private int open;
  private long heldBytes;
  private long begun;
  private long refused;

  /** No handshake runs yet. */
  public Handshakes(Limits limits) {
    this.limits = limits;
  }

  /**
   * What may be under way.
   *
   * @param running handshakes that are not waiting for their client
   * @param open handshakes that have begun and are not over
   * @param openOfAddress those of one address
   * @param helloBytes of the clients' first messages, which are kept until the handshake begins
   */
  public record Limits(int running, int open, int openOfAddress, long helloBytes) {
    private static final int RUNNING = 64;
    private static final int OPEN = 512;
    private static final int OPEN_OF_ADDRESS = 256;
    private static final int HEAP_SHARE = 32;

    /** For a listener of this process: a 32nd of the heap for the clients' first messages. */
    public static Limits ofProcess() {
      long bytes = Runtime.getRuntime().maxMemory() / HEAP_SHARE;
      return new Limits(RUNNING, OPEN, OPEN_OF_ADDRESS, bytes);
    }
  }

  /** The clients of one address. */
  private static final class Site {
    final Deque<Turn> waiting = new ArrayDeque<>();
    int open;
    boolean queued; // in eligible
  }

  /** The turn of one handshake. Whoever asked for it must end it, whatever becomes of it. */
  final class Turn {
    private final Promise<Turn> promise;
    private final EventExecutor loop;
    private final long address;
    private State state = State.WAITING; // guarded by the outer instance
    private volatile @Nullable ScheduledFuture<?> stall;

    Turn(EventExecutor loop, long address) {
      this.loop = loop;
      this.address = address;
      promise = loop.newPromise();
    }

    /** Succeeds when the handshake may begin. */
    Future<Turn> granted() {
      return promise;
    }

    /** The handshake is over, or will not be. Later calls do nothing. */
    void end() {
      ScheduledFuture<?> pending = stall;
      if (pending != null) {
        pending.cancel(false);
      }
      move(this, State.OVER);
    }
  }

  private enum State {
    WAITING,
    RUNNING,
    STALLED,
    OVER
  }

  /** Asks for a turn; it may be granted at once. */
  Turn turn(EventExecutor loop, InetAddress address) {
    Turn turn = new Turn(loop, key(address));
    synchronized (this) {
      Site site = sites.computeIfAbsent(turn.address, none -> new Site());
      site.waiting.add(turn);
      waiting++;
      queue(site);
    }
    grant();
    return turn;
  }

  /** IPv4's address; of IPv6 the first half, as one host has the rest for itself. */
  private static long key(InetAddress address) {
    byte[] bytes = address.getAddress();
    return bytes.length == 4
        ? ByteBuffer.wrap(bytes).getInt() & 0xFFFF_FFFFL
        : ByteBuffer.wrap(bytes).getLong();
  }

  private void queue(Site site) {
    if (!site.queued && !site.waiting.isEmpty() && site.open < limits.openOfAddress) {
      site.queued = true;
      eligible.add(site);
    }
  }

  private void grant() {
    for (Turn next = next(); next != null; next = next()) {
      Turn granted = next;
      granted.stall =
          granted.loop.schedule(
              () -> move(granted, State.STALLED), STALL_MILLIS, TimeUnit.MILLISECONDS);
      granted.promise.trySuccess(granted);
    }
  }

  private synchronized @Nullable Turn next() {
    while (running < limits.running && open < limits.open && !eligible.isEmpty()) {
      Site site = eligible.remove();
      site.queued = false;
      Turn turn = site.waiting.poll();
      if (turn == null) {
        continue; // who waited there has gone
      }
      waiting--;
      running++;
      open++;
      site.open++;
      begun++;
      turn.state = State.RUNNING;
      queue(site); // behind the other addresses
      return turn;
    }
    return null;
  }

  private void move(Turn turn, State to) {
    synchronized (this) {
      if (turn.state == State.OVER || turn.state == to) {
        return;
      }
      Site site = Objects.requireNonNull(sites.get(turn.address), "a turn without its site");
      switch (turn.state) {
        case WAITING -> {
          site.waiting.remove(turn);
          waiting--;
        }
        case RUNNING -> running--;
        default -> {} // stalled: neither waits nor runs
      }
      if (to == State.OVER && turn.state != State.WAITING) {
        open--;
        site.open--;
        queue(site);
      }
      turn.state = to;
      if (site.open == 0 && site.waiting.isEmpty()) {
        sites.remove(turn.address);
      }
    }
    grant();
  }

  /**
   * Counts bytes that a client has sent before its handshake begins, or takes them off with a
   * negative number.
   *
   * @return whether there is room for them; they count in any case
   */
  synchronized boolean hold(long bytes) {
    heldBytes += bytes;
    boolean room = heldBytes <= limits.helloBytes;
    if (!room && bytes > 0) {
      refused++;
    }
    return room;
  }

  /** How often there was no room for what a client sent. */
  public synchronized long refused() {
    return refused;
  }

  /** Handshakes that have begun and are not over. */
  public synchronized int open() {
    return open;
  }

  /** Connections that wait for their turn. */
  public synchronized int waiting() {
    return waiting;
  }

  /** Handshakes that began since the start. */
  public synchronized long begun() {
    return begun;
  }

  /** Bytes of the first messages of clients whose handshake has not begun. */
  public synchronized long heldBytes() {
    return heldBytes;
  }
}
