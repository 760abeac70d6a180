package dev.gatehouse.broker;

import dev.gatehouse.api.message.PublishOutcome;
import dev.gatehouse.api.store.Batch;
import dev.gatehouse.api.store.StoreUnavailableException;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The packet ids of QoS 2 messages that a session's client sent and has not released: a message
 * with one of them came before. Of a persistent session each has a row, stored together with what
 * its message did. Guarded by this, which no other lock is taken under.
 */
final class Received {
  private static final byte[] PRESENT = {1};

  private final ClientSession session;
  private final BitSet ids = new BitSet(0);
  private final Map<Integer, CompletableFuture<PublishOutcome>> publishing = new HashMap<>(0);
  private boolean ended; // no row comes any more

  Received(ClientSession session) {
    this.session = session;
  }

  /** Takes an id that the store holds. */
  synchronized void restore(int packetId) {
    long before = bytes();
    ids.set(packetId);
    session.realm.memory.sessions.take(bytes() - before);
  }

  private long bytes() {
    return ids.size() / Byte.SIZE;
  }

  /** Sets an id if there is memory for it. */
  private boolean trySet(int packetId) {
    long before = bytes();
    // the set doubles, or grows to what it needs
    long most = packetId < ids.size() ? 0 : Math.max(before, packetId / Byte.SIZE + Long.BYTES);
    if (ended || !session.realm.memory.sessions.tryTake(most)) {
      return false;
    }
    ids.set(packetId);
    session.realm.memory.sessions.release(most - (bytes() - before));
    return true;
  }

  /** The session ended: it takes no more memory. */
  synchronized void releaseMemory() {
    ended = true;
    session.realm.memory.sessions.release(bytes());
  }

  /**
   * Publishes unless the id is known; the message's outcome is that of the first.
   *
   * @param publish is given what adds the id's row to the batch of the message; null if none is
   *     needed
   */
  CompletionStage<PublishOutcome> once(
      int packetId, Function<@Nullable Consumer<Batch>, CompletionStage<PublishOutcome>> publish) {
    CompletableFuture<PublishOutcome> answer = new CompletableFuture<>();
    synchronized (this) {
      CompletableFuture<PublishOutcome> known = publishing.get(packetId);
      if (known != null) {
        return known;
      }
      if (ids.get(packetId)) {
        return Router.settled(PublishOutcome.DELIVERED);
      }
      if (!trySet(packetId)) {
        return Router.settled(PublishOutcome.QUOTA_EXCEEDED);
      }
      publishing.put(packetId, answer);
    }
    publish(packetId, publish)
        .whenComplete(
            (outcome, failure) -> {
              settle(packetId, outcome != null && outcome.success());
              if (failure == null) {
                answer.complete(outcome);
              } else {
                answer.completeExceptionally(failure);
              }
            });
    return answer;
  }

  private CompletionStage<PublishOutcome> publish(
      int packetId, Function<@Nullable Consumer<Batch>, CompletionStage<PublishOutcome>> publish) {
    try {
      return publish.apply(session.durable() ? batch -> put(batch, packetId) : null);
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** After a failure the client publishes anew, with whatever id. */
  private synchronized void settle(int packetId, boolean success) {
    publishing.remove(packetId);
    if (!success) {
      ids.clear(packetId);
    }
  }

  private synchronized void put(Batch batch, int packetId) {
    if (!ended) {
      batch.put(Keys.RECEIVED, key(packetId), PRESENT);
    }
  }

  /** Forgets an id, as {@link dev.gatehouse.api.session.Session#release}. */
  CompletionStage<Boolean> release(int packetId, Ledger ledger) {
    synchronized (this) {
      if (!ids.get(packetId) || publishing.containsKey(packetId)) {
        return CompletableFuture.completedFuture(false);
      }
    }
    return ledger
        .commit(batch -> delete(batch, packetId))
        .thenApply(
            durable -> {
              if (!durable) {
                throw new StoreUnavailableException(
                    "the release of a packet id cannot be stored now", false, null);
              }
              forget(packetId);
              return true;
            });
  }

  private void delete(Batch batch, int packetId) {
    if (session.durable()) {
      batch.delete(Keys.RECEIVED, key(packetId));
    }
  }

  private synchronized void forget(int packetId) {
    ids.clear(packetId);
  }

  /** The session ended: all rows go, and none comes any more. */
  synchronized void end(Batch batch) {
    ended = true;
    ids.stream().forEach(packetId -> delete(batch, packetId));
  }

  private byte[] key(int packetId) {
    return Keys.of(session.realm.account, session.clientId, Integer.toString(packetId));
  }
}
