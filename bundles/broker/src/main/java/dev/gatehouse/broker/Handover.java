package dev.gatehouse.broker;

import dev.gatehouse.api.message.Message;
import dev.gatehouse.api.message.QoS;
import dev.gatehouse.api.message.TopicFilter;
import dev.gatehouse.api.store.Queue;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives the messages of shared subscriptions that a session held when it ended to other members
 * (MQTT 5.0, 4.8.2): those that wait, and those of QoS 1 that were not acknowledged. A QoS 2
 * message whose delivery had begun goes to nobody else [MQTT-4.8.2-5]. What is stored leaves the
 * queue in the batch that appends it to others, so a crash neither loses nor doubles it.
 */
final class Handover {
  private static final Logger LOG = LoggerFactory.getLogger(Handover.class);
  private static final int PAGE_MESSAGES = 256;
  private static final int PAGE_BYTES = 256 * 1024;

  private final Shares shares;
  private final Ledger ledger;
  private final Held held;

  // guarded by this
  private @Nullable CompletableFuture<Boolean> running;
  private boolean over;

  // of the attempt that runs
  private boolean heldAreOut;
  private long from;

  /** For a session whose outbox is about to be closed. */
  Handover(ClientSession session, Ledger ledger) {
    this.shares = session.realm.shares;
    this.ledger = ledger;
    this.held = session.outbox.heldOfShares();
    this.from = held.sentUpTo() + 1;
  }

  /**
   * What a session held.
   *
   * @param messages in memory only, or sent and not acknowledged, in order
   * @param stored its queue, null of a clean session
   * @param sentUpTo number of the last stored entry that is not waiting
   * @param begun numbers of QoS 2 entries that were perhaps sent before a restart
   */
  record Held(
      List<Outgoing> messages,
      @Nullable Queue stored,
      String queueName,
      long sentUpTo,
      Set<Long> begun) {}

  /** What an outbox has, under its lock. */
  static Held held(
      InFlight inFlight, ExactlyOnce exactlyOnce, Backlog backlog, @Nullable StoredQueue stored) {
    List<Outgoing> messages = new ArrayList<>();
    for (Outgoing outgoing : inFlight.inOrder()) {
      if (outgoing.share != null && (outgoing.qos == QoS.AT_LEAST_ONCE || !outgoing.duplicate)) {
        messages.add(outgoing);
      }
    }
    if (stored == null) {
      backlog.addOfShares(messages);
      return new Held(messages, null, "", 0, Set.of());
    }
    return new Held(
        messages, stored.pages.queue(), stored.name, stored.sentUpTo(), exactlyOnce.begun());
  }

  /** A message on its way to another member. */
  record Handed(Message message, SessionSubscription to) {}

  /**
   * Runs, unless it is running or over.
   *
   * @return completes with false if the store failed: what is left is handed on by the next call
   */
  CompletionStage<Boolean> run() {
    CompletableFuture<Boolean> attempt;
    synchronized (this) {
      if (over) {
        return CompletableFuture.completedFuture(true);
      }
      if (running != null) {
        return running;
      }
      attempt = new CompletableFuture<>();
      running = attempt;
    }
    begin()
        .whenComplete(
            (done, failure) -> {
              boolean success = failure == null && done;
              if (failure != null) {
                LOG.warn("event=handover-failed reason=\"{}\"", failure.toString());
              }
              synchronized (this) {
                running = null;
                over = success;
              }
              attempt.complete(success);
            });
    return attempt;
  }

  private CompletionStage<Boolean> begin() {
    if (heldAreOut) {
      return nextPage();
    }
    // after this commit all earlier appends to the queue can be read
    return hand(held.messages(), held.sentUpTo())
        .thenCompose(
            done -> {
              heldAreOut = done;
              return done && held.stored() != null
                  ? nextPage()
                  : CompletableFuture.completedFuture(done);
            });
  }

  private CompletionStage<Boolean> nextPage() {
    Queue stored = Objects.requireNonNull(held.stored(), "a clean session has no queue");
    return stored
        .read(from, PAGE_MESSAGES, PAGE_BYTES)
        .thenCompose(
            entries -> {
              if (entries.isEmpty()) {
                return CompletableFuture.completedFuture(true);
              }
              long upTo = entries.get(entries.size() - 1).number();
              return hand(waiting(entries), upTo)
                  .thenCompose(
                      done -> {
                        if (!done) {
                          return CompletableFuture.completedFuture(false);
                        }
                        from = upTo + 1;
                        return nextPage();
                      });
            });
  }

  private List<Outgoing> waiting(List<Queue.Entry> entries) {
    MessageRow.Reader messages = new MessageRow.Reader();
    List<Outgoing> waiting = new ArrayList<>();
    for (Queue.Entry entry : entries) {
      try {
        Outgoing outgoing = Outgoing.read(entry, messages);
        if (outgoing.share != null && !held.begun().contains(outgoing.number)) {
          waiting.add(outgoing);
        }
      } catch (RowReader.BadRowException e) {
        LOG.error(
            "event=queue-entry-skipped number={} reason=\"{}\"", entry.number(), e.getMessage());
      }
    }
    return waiting;
  }

  /** Hands messages to members, in one batch with their removal from the queue. */
  private CompletionStage<Boolean> hand(List<Outgoing> messages, long upTo) {
    List<Handed> durable = new ArrayList<>();
    List<Handed> others = new ArrayList<>();
    for (Outgoing outgoing : messages) {
      TopicFilter share = Objects.requireNonNull(outgoing.share, "only of shared subscriptions");
      SessionSubscription member = shares.pick(share);
      if (member != null) {
        boolean stores =
            member.session.durable() && member.qosOf(outgoing.message) != QoS.AT_MOST_ONCE;
        (stores ? durable : others).add(new Handed(outgoing.message, member));
      }
    }
    return ledger
        .appendEach(
            durable,
            batch -> {
              if (held.stored() != null) {
                batch.trim(held.queueName(), upTo);
              }
            })
        .thenApply(
            done -> {
              if (done) {
                others.forEach(Handover::send);
              }
              return done;
            });
  }

  private static void send(Handed handed) {
    Outbox outbox = handed.to().session.outbox;
    if (handed.to().qosOf(handed.message()) == QoS.AT_MOST_ONCE) {
      outbox.offerOnce(handed.message(), handed.to());
    } else {
      outbox.offer(handed.message(), handed.to());
    }
  }
}
