package dev.gatehouse.broker;

import dev.gatehouse.api.message.TopicFilter;
import dev.gatehouse.api.store.Batch;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the subscriptions of one session are still to get of the retained messages, the oldest
 * subscription first. Guarded by this, under which no other lock is taken.
 */
final class Feeds {
  private final Map<TopicFilter, RetainedFeed> byFilter = new LinkedHashMap<>(0);
  private boolean scheduled;
  private boolean running;
  private boolean ended;

  /** False if the session ended. */
  synchronized boolean add(RetainedFeed feed) {
    byFilter.remove(feed.filter); // a subscription that is made again begins anew
    byFilter.put(feed.filter, feed);
    return !ended;
  }

  synchronized void remove(RetainedFeed feed) {
    byFilter.remove(feed.filter, feed);
  }

  synchronized boolean contains(RetainedFeed feed) {
    return !ended && byFilter.get(feed.filter) == feed;
  }

  synchronized boolean empty() {
    return byFilter.isEmpty();
  }

  /** Forgets the feed of a subscription that ended, and deletes its row. */
  synchronized void end(TopicFilter filter, Batch batch, ClientSession session) {
    RetainedFeed feed = byFilter.remove(filter);
    if (feed != null) {
      feed.delete(batch, session);
    }
  }

  /** Deletes all rows of a session that ended. */
  synchronized void end(Batch batch, ClientSession session) {
    ended = true;
    byFilter.values().forEach(feed -> feed.delete(batch, session));
  }

  /** True if nobody goes on with it yet; the caller then has to. */
  synchronized boolean schedule() {
    boolean first = !scheduled;
    scheduled = true;
    return first && !running;
  }

  /** What is next, for who was to go on with it; null if nothing is. */
  synchronized @Nullable RetainedFeed begin() {
    scheduled = false;
    Iterator<RetainedFeed> all = byFilter.values().iterator();
    running = !ended && all.hasNext();
    return running ? all.next() : null;
  }

  /** The step that began is over. True if the caller has to go on with the next one. */
  synchronized boolean done(boolean goOn) {
    running = false;
    scheduled |= goOn;
    return scheduled;
  }
}
