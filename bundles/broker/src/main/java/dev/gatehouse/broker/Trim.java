package dev.gatehouse.broker;

import dev.gatehouse.api.store.Batch;
import java.util.Map;

/** What a client need not get any more: entries of its queue, and packet ids by their numbers. */
record Trim(Outbox outbox, StoredQueue queue, long upTo, Map<Long, Integer> finished) {
  void addTo(Batch batch) {
    batch.trim(queue.name, upTo);
    ExactlyOnce.delete(batch, queue.marks, finished);
  }
}
