package dev.gatehouse.broker;

import dev.gatehouse.api.message.QoS;
import dev.gatehouse.api.message.TopicName;
import dev.gatehouse.api.store.Queue;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of a stored queue into the backlog of its session, guarded by the outbox: what is new
 * goes there at once while there is room. The rest, and all of it while nobody is connected, is in
 * the store only and is read page by page. Numbers of stored entries grow, also across those that
 * are ready.
 */
final class Pages {
  private static final Logger LOG = LoggerFactory.getLogger(Pages.class);
  // small enough that what is read is sent before a collector has to carry it on
  private static final int PAGE_MESSAGES = 256;
  static final int PAGE_BYTES = 256 * 1024;
  private static final long UNSETTLED = -1; // never a count of appends

  private final Queue queue;
  private final Backlog backlog;
  private final OutboxServices services;
  private final long duplicatesUpTo;
  private long lastReady; // no stored entry up to this one is missing in the backlog
  private boolean spilled; // the store may hold entries after lastReady
  private final WaitingTopics topics = new WaitingTopics(); // of those entries
  private int uncommitted;
  private long appends;
  private int generation;
  private boolean reading;
  private boolean starved;
  private int reserved; // bytes of memory for the page that is being read
  private boolean more; // the last page was full: the next one is read before this one is used up

  /**
   * For the queue of one session.
   *
   * @param duplicatesUpTo entries up to this number were perhaps sent before a restart
   * @param empty whether what the queue has is to be deleted before anything is added
   */
  Pages(Queue queue, Backlog backlog, OutboxServices services, long duplicatesUpTo, boolean empty) {
    this.queue = queue;
    this.backlog = backlog;
    this.services = services;
    this.duplicatesUpTo = duplicatesUpTo;
    this.spilled = !empty && queue.size() > 0;
    if (spilled) {
      topics.addUnknown();
    }
  }

  Queue queue() {
    return queue;
  }

  /** Whether the store may hold a message of this topic that is not in the backlog. */
  boolean mayHold(TopicName topic) {
    return spilled && topics.mayContain(topic);
  }

  /** Takes an entry that is being appended to the store. */
  void append(Outgoing outgoing, boolean connected) {
    appends++;
    uncommitted++;
    if (connected && !spilled && backlog.offer(outgoing)) {
      lastReady = outgoing.number;
    } else {
      spilled = true;
      topics.add(outgoing.message.topic());
    }
  }

  /** An append is over; true if the entry is not here any more because it failed. */
  boolean committed(Outgoing outgoing, boolean durable) {
    uncommitted--;
    outgoing.stored = durable;
    return !durable && (backlog.remove(outgoing) || outgoing.number > lastReady);
  }

  /**
   * Number up to which no stored entry has to be sent any more.
   *
   * @param lastTaken number of the last entry that left the backlog
   */
  long leftUpTo(long lastTaken) {
    return backlog.size() == 0 ? Math.max(lastTaken, lastReady) : lastTaken;
  }

  /**
   * The connection went: leaves to the store what is there, before the backlog forgets it.
   *
   * @param lastTaken number of the last entry that left
   */
  void spill(long lastTaken) {
    generation++;
    lastReady = lastTaken;
    more = false;
    spilled = true;
    backlog.addStoredTopics(topics);
  }

  /**
   * Begins to read from the store if little is ready and something may be there.
   *
   * @param whenRead told, on any thread, and to call {@link Page#take} under the outbox's lock
   */
  void refill(Consumer<Page> whenRead) {
    if (!spilled || reading || starved || !low()) {
      return;
    }
    // thousands that come back at the same time read little each
    int bytes = backlog.reserve();
    if (bytes == 0) {
      return;
    }
    reading = true;
    reserved = bytes;
    int generationNow = generation;
    // what commits while the read is under way may have been looked for too early
    long appendsNow = uncommitted == 0 ? appends : UNSETTLED;
    queue
        .read(lastReady + 1, PAGE_MESSAGES, bytes)
        .whenComplete(
            (entries, failure) ->
                whenRead.accept(new Page(generationNow, appendsNow, entries, failure)));
  }

  /** Whether there was no memory for the next entry; nothing is read until {@link #retry}. */
  boolean starved() {
    return starved;
  }

  void retry() {
    starved = false;
  }

  private boolean low() {
    return backlog.size() == 0
        || (more && backlog.size() <= PAGE_MESSAGES / 2 && backlog.readyBytes() <= PAGE_BYTES / 2);
  }

  /** Entries that were read: decoded by the thread that read them, outside of any lock. */
  final class Page {
    private final int generationThen;
    private final long appendsThen;
    private final @Nullable List<Queue.Entry> entries;
    private final List<@Nullable Outgoing> decoded; // null where an entry is not readable
    private final @Nullable Throwable failure;

    private Page(
        int generationThen,
        long appendsThen,
        @Nullable List<Queue.Entry> entries,
        @Nullable Throwable failure) {
      this.generationThen = generationThen;
      this.appendsThen = appendsThen;
      this.entries = entries;
      this.decoded = decode(entries == null ? List.of() : entries);
      this.failure = failure;
    }

    /**
     * Makes the entries ready.
     *
     * @param wanted whether an entry is to be sent; may change it
     * @return the number of those that need not or cannot be sent
     */
    int take(Predicate<Outgoing> wanted) {
      reading = false;
      int bytes = reserved;
      reserved = 0;
      backlog.free(bytes);
      if (generationThen != generation) {
        return 0;
      }
      if (entries == null) {
        // the next event of the session reads again
        LOG.warn("event=queue-unreadable reason=\"{}\"", String.valueOf(failure));
        return 0;
      }
      if (entries.isEmpty()) {
        more = false;
        spilled = appendsThen != appends; // was one under way from before the read until now?
        if (!spilled) {
          topics.clear();
        }
        return 0;
      }
      more = entries.size() == PAGE_MESSAGES || bytes(entries) >= bytes;
      return take(entries, wanted);
    }

    /** Takes those for which there is memory; the others are read again. */
    private int take(List<Queue.Entry> read, Predicate<Outgoing> wanted) {
      int left = 0;
      for (int i = 0; i < read.size(); i++) {
        Outgoing outgoing = decoded.get(i);
        if (outgoing == null || !wanted.test(outgoing)) {
          left++;
        } else if (!backlog.offerRead(outgoing)) {
          more = false;
          starved = true;
          return left;
        }
        lastReady = read.get(i).number();
      }
      return left;
    }

    /** True if reading again would bring nothing until an append commits, or something fails. */
    boolean last() {
      return entries == null
          || starved
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
      LOG.error(
          "event=queue-entry-skipped number={} reason=\"{}\"", entry.number(), e.getMessage());
      services.counters().drop(Counters.Drop.UNREADABLE);
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
}
