package dev.gatehouse.broker;

import dev.gatehouse.api.message.Message;
import dev.gatehouse.api.message.QoS;
import dev.gatehouse.api.store.Queue;
import dev.gatehouse.broker.BrokerSettings.Limit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What waits to be sent to one session, guarded by its outbox. A bounded part is ready in memory;
 * of a persistent session the rest, and all of it while nobody is connected, is in the store only
 * and is read page by page. Numbers of stored entries grow, also across those that are ready.
 */
final class Backlog {
  private static final Logger log = LoggerFactory.getLogger(Backlog.class);
  private static final long OBJECTS = 200; // about what a message takes beside its bytes
  private static final long ALWAYS = 16 << 10; // may be in memory however much the others have
  // small enough that what is read is sent before a collector has to carry it on
  private static final int PAGE_MESSAGES = 256;
  private static final int PAGE_BYTES = 256 * 1024;
  private static final long UNSETTLED = -1; // never a count of appends
  // never added to: most sessions are up to date
  private static final Deque<Outgoing> NONE = new ArrayDeque<>(0);

  private final @Nullable Queue queue;
  private final Supplier<BrokerSettings> settings;
  private final Counters counters;
  private final long duplicatesUpTo;
  private final Predicate<Outgoing> wanted;
  private Deque<Outgoing> ready = NONE;
  private long readyBytes; // changed by use only
  private long lastReady; // no stored entry up to this one is missing here
  private boolean spilled; // the store may hold entries after lastReady
  private int uncommitted;
  private long appends;
  private int generation;
  private boolean reading;
  private boolean more; // the last page was full: the next one is read before this one is used up

  /**
   * For a clean session without, for a persistent one with a queue.
   *
   * @param duplicatesUpTo entries up to this number were perhaps sent before a restart
   * @param wanted whether an entry that was read is to be sent; may change it
   */
  Backlog(
      @Nullable Queue queue,
      Supplier<BrokerSettings> settings,
      Counters counters,
      long duplicatesUpTo,
      Predicate<Outgoing> wanted) {
    this.queue = queue;
    this.settings = settings;
    this.counters = counters;
    this.duplicatesUpTo = duplicatesUpTo;
    this.wanted = wanted;
    this.spilled = queue != null && queue.size() > 0;
  }

  @Nullable Outgoing peek() {
    return ready.peek();
  }

  @Nullable Outgoing poll() {
    Outgoing first = ready.poll();
    if (first != null) {
      use(-cost(first.message));
    }
    return first;
  }

  /** Takes an entry that is not stored; false if there is no room. */
  boolean offer(Outgoing outgoing) {
    if (!roomFor(outgoing.message)) {
      return false;
    }
    addReady(outgoing);
    return true;
  }

  /** Takes an entry whose message is in memory anyway. */
  void addReady(Outgoing outgoing) {
    if (ready == NONE) {
      ready = new ArrayDeque<>(4);
    }
    ready.add(outgoing);
    use(cost(outgoing.message));
  }

  private void use(long bytes) {
    readyBytes += bytes;
    counters.buffered.add(bytes);
  }

  /** The session ended. */
  void end() {
    ready = NONE;
    use(-readyBytes);
  }

  /** Takes an entry that is being appended to the store. */
  void append(Outgoing outgoing, boolean connected) {
    appends++;
    uncommitted++;
    if (connected && !spilled && roomFor(outgoing.message)) {
      addReady(outgoing);
      lastReady = outgoing.number;
    } else {
      spilled = true;
    }
  }

  /** An append is over; true if the entry is not here any more because it failed. */
  boolean committed(Outgoing outgoing, boolean durable) {
    uncommitted--;
    outgoing.stored = durable;
    if (durable) {
      return false;
    }
    if (ready.remove(outgoing)) {
      use(-cost(outgoing.message));
      return true;
    }
    return outgoing.number > lastReady;
  }

  /** How many entries the store holds. */
  long stored() {
    return queue == null ? 0 : queue.size();
  }

  /** All stored entries up to this one were read, and have left if nothing is ready. */
  long lastReady() {
    return lastReady;
  }

  /**
   * The connection went: leaves to the store what is there.
   *
   * @param lastTaken number of the last entry that left
   */
  void spill(long lastTaken) {
    generation++;
    if (!ready.isEmpty()) {
      ready.removeIf(outgoing -> outgoing.number > 0 || outgoing.qos == QoS.AT_MOST_ONCE);
    }
    use(ready.stream().mapToLong(outgoing -> cost(outgoing.message)).sum() - readyBytes);
    lastReady = lastTaken;
    more = false;
    spilled = queue != null;
  }

  /**
   * Begins to read from the store if little is ready and something may be there.
   *
   * @param whenRead told, on any thread, and to call {@link Page#take} under the outbox's lock
   */
  void refill(Consumer<Page> whenRead) {
    if (queue == null || !spilled || reading || !low()) {
      return;
    }
    reading = true;
    int generationNow = generation;
    // thousands that come back at the same time read little each
    boolean roomy = counters.buffered.sum() + PAGE_BYTES <= settings.get().memoryBytes();
    int bytes = roomy ? PAGE_BYTES : (int) ALWAYS;
    counters.buffered.add(bytes);
    // what commits while the read is under way may have been looked for too early
    long appendsNow = uncommitted == 0 ? appends : UNSETTLED;
    queue
        .read(lastReady + 1, PAGE_MESSAGES, bytes)
        .whenComplete(
            (entries, failure) ->
                whenRead.accept(new Page(generationNow, appendsNow, bytes, entries, failure)));
  }

  private boolean low() {
    return ready.isEmpty()
        || (more && ready.size() <= PAGE_MESSAGES / 2 && readyBytes <= PAGE_BYTES / 2);
  }

  /** Entries that were read: decoded by the thread that read them, outside of any lock. */
  final class Page {
    private final int generationThen;
    private final long appendsThen;
    private final int reserved; // bytes of memory
    private final @Nullable List<Queue.Entry> entries;
    private final List<@Nullable Outgoing> decoded; // null where an entry is not readable
    private final @Nullable Throwable failure;

    private Page(
        int generationThen,
        long appendsThen,
        int reserved,
        @Nullable List<Queue.Entry> entries,
        @Nullable Throwable failure) {
      this.generationThen = generationThen;
      this.appendsThen = appendsThen;
      this.reserved = reserved;
      this.entries = entries;
      this.decoded = decode(entries == null ? List.of() : entries);
      this.failure = failure;
    }

    /** Makes the entries ready; the number of those that need not or cannot be sent. */
    int take() {
      reading = false;
      counters.buffered.add(-reserved);
      if (generationThen != generation) {
        return 0;
      }
      if (entries == null) {
        // the next event of the session reads again
        log.warn("event=queue_unreadable reason=\"{}\"", String.valueOf(failure));
        return 0;
      }
      if (entries.isEmpty()) {
        more = false;
        spilled = appendsThen != appends; // was one under way from before the read until now?
        return 0;
      }
      more = entries.size() == PAGE_MESSAGES || bytes(entries) >= reserved;
      lastReady = entries.get(entries.size() - 1).number();
      int left = 0;
      for (Outgoing outgoing : decoded) {
        if (outgoing != null && wanted.test(outgoing)) {
          addReady(outgoing);
        } else {
          left++;
        }
      }
      return left;
    }

    /** True if reading again would bring nothing until an append commits, or something fails. */
    boolean last() {
      return entries == null
          || (entries.isEmpty() && generationThen == generation && uncommitted > 0);
    }
  }

  private List<@Nullable Outgoing> decode(List<Queue.Entry> entries) {
    MessageRow.Reader messages = new MessageRow.Reader();
    List<@Nullable Outgoing> decoded = new ArrayList<>(entries.size());
    for (Queue.Entry entry : entries) {
      decoded.add(decode(entry, messages));
    }
    return decoded;
  }

  private @Nullable Outgoing decode(Queue.Entry entry, MessageRow.Reader messages) {
    try {
      Outgoing outgoing = Outgoing.read(entry, messages);
      outgoing.stored = true;
      outgoing.duplicate = outgoing.qos == QoS.AT_LEAST_ONCE && outgoing.number <= duplicatesUpTo;
      return outgoing;
    } catch (RowReader.BadRowException e) {
      log.error(
          "event=queue_entry_skipped number={} reason=\"{}\"", entry.number(), e.getMessage());
      counters.drop(Counters.Drop.UNREADABLE);
      return null;
    }
  }

  private static long bytes(List<Queue.Entry> entries) {
    long bytes = 0;
    for (Queue.Entry entry : entries) {
      bytes += entry.header().length + entry.value().length;
    }
    return bytes;
  }

  private static long cost(Message message) {
    return OBJECTS + Outgoing.cost(message);
  }

  private boolean roomFor(Message message) {
    Limit own = settings.get().buffer();
    long cost = cost(message);
    if (readyBytes + cost > ALWAYS
        && !ready.isEmpty()
        && counters.buffered.sum() + cost > settings.get().memoryBytes()) {
      return false;
    }
    boolean within =
        ready.size() < own.messages() && (ready.isEmpty() || readyBytes + cost <= own.bytes());
    // beyond its own a burst may use what nobody else needs at the moment
    return within || counters.buffered.sum() + cost <= settings.get().sharedBufferBytes();
  }
}
