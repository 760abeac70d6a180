package dev.gatehouse.broker;

import dev.gatehouse.api.message.Message;
import dev.gatehouse.api.message.QoS;
import dev.gatehouse.api.session.SubscribeResult;
import dev.gatehouse.api.time.PassedTime;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionHandler;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Answers a SUBSCRIBE, and gives its subscriptions the retained messages after the answer: as many
 * as the session takes, and more as it drains. Threads of its own look the messages up, because
 * that may be long.
 */
final class RetainedDelivery implements AutoCloseable {
  private static final int MOST_WAITING = 4096;
  private static final long PAGE_BYTES = 256 << 10;
  private static final Duration RETRY = Duration.ofSeconds(5);
  private static final Duration NO_ROOM = Duration.ofMillis(200);

  private final PassedTime passed;
  private final Ledger ledger;
  private final Timer timer;
  // a flood of SUBSCRIBEs pays for itself
  private final ThreadPoolExecutor answers =
      executor(
          "gatehouse-broker-retained",
          new ArrayBlockingQueue<>(MOST_WAITING),
          new ThreadPoolExecutor.CallerRunsPolicy());
  // a session is here once; who has it go on may hold the lock of an outbox
  private final ThreadPoolExecutor feeding =
      executor(
          "gatehouse-broker-feeds",
          new LinkedBlockingQueue<>(),
          new ThreadPoolExecutor.DiscardPolicy());

  RetainedDelivery(Clock clock, Ledger ledger, Timer timer) {
    this.passed = PassedTime.of(clock);
    this.ledger = ledger;
    this.timer = timer;
  }

  private static ThreadPoolExecutor executor(
      String name, BlockingQueue<Runnable> queue, RejectedExecutionHandler whenFull) {
    ThreadPoolExecutor executor =
        new ThreadPoolExecutor(
            1,
            1,
            30,
            TimeUnit.SECONDS,
            queue,
            task -> {
              Thread thread = new Thread(task, name);
              thread.setDaemon(true);
              return thread;
            },
            whenFull);
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }

  /** Completes the answer, then sends what the subscriptions get. */
  void answer(
      ClientSession session,
      Subscriptions.Granted granted,
      boolean durable,
      CompletableFuture<List<SubscribeResult>> answer) {
    if (!durable) {
      answer.complete(unavailable(granted));
      return;
    }
    List<SubscribeResult> results = Collections.unmodifiableList(granted.results());
    if (granted.retained().isEmpty() || session.realm.retained.empty()) {
      answer.complete(results);
      return;
    }
    answers.execute(
        () ->
            begin(session, granted.retained())
                .thenAccept(
                    sure -> {
                      answer.complete(sure ? results : unavailable(granted));
                      feed(session);
                    }));
  }

  private static List<SubscribeResult> unavailable(Subscriptions.Granted granted) {
    return granted.results().stream()
        .map(
            result ->
                result == SubscribeResult.QUOTA_EXCEEDED
                    ? result
                    : SubscribeResult.STORE_UNAVAILABLE)
        .toList();
  }

  /** True once the store holds how far they are, so that a crash of the gateway loses nothing. */
  private CompletionStage<Boolean> begin(
      ClientSession session, List<SessionSubscription> receivers) {
    Retained retained = session.realm.retained;
    List<RetainedFeed> feeds = new ArrayList<>();
    for (SessionSubscription receiver : receivers) {
      if (receiver.filter != null) {
        boolean stored = session.durable() && receiver.qos != QoS.AT_MOST_ONCE;
        RetainedFeed feed = new RetainedFeed(receiver.filter, retained.revision(), stored, "");
        if (!retained.page(feed, 1, 1, passed).messages().isEmpty()) {
          feeds.add(feed);
        }
      }
    }
    return ledger.commit(
        batch ->
            feeds.forEach(
                feed -> {
                  if (session.feeds().add(feed)) {
                    feed.put(batch, session, "");
                  }
                }));
  }

  /** Goes on giving a session what it is still to get. */
  void feed(ClientSession session) {
    if (session.feeds().schedule()) {
      feeding.execute(() -> step(session));
    }
  }

  private void step(ClientSession session) {
    RetainedFeed feed = session.feeds().begin();
    if (feed == null) {
      return;
    }
    int room = session.outbox.roomForRetained(() -> feed(session));
    SessionSubscription to = session.subscriptions.find(feed.filter);
    if (to == null || room == 0) {
      done(session, false); // without a subscription the feed is about to end
    } else {
      give(session, feed, to, room);
    }
  }

  private void done(ClientSession session, boolean goOn) {
    if (session.feeds().done(goOn)) {
      feeding.execute(() -> step(session));
    }
  }

  private void give(ClientSession session, RetainedFeed feed, SessionSubscription to, int room) {
    Retained retained = session.realm.retained;
    Retained.Page page = retained.page(feed, room, PAGE_BYTES, passed);
    List<Message> messages = page.messages();
    int[] done = new int[1];
    ledger
        .appendAll(
            messages,
            to.retained(),
            message ->
                feed.stored
                    && to.qosOf(message) != QoS.AT_MOST_ONCE
                    && session.feeds().contains(feed)
                    && retained.current(message),
            (batch, count) -> {
              done[0] = count;
              if (!session.feeds().contains(feed)) {
                return; // its subscription has ended, or was made again
              }
              if (ended(page, count)) {
                feed.delete(batch, session);
              } else if (count > 0) {
                feed.put(batch, session, last(messages.subList(0, count)));
              }
            })
        .thenAccept(
            durable -> {
              if (!durable) {
                timer.after(RETRY, () -> done(session, true));
                return;
              }
              given(
                  session,
                  feed,
                  to,
                  new Retained.Page(messages.subList(0, done[0]), ended(page, done[0])));
            });
  }

  private static boolean ended(Retained.Page page, int done) {
    return page.end() && done == page.messages().size();
  }

  /** A part of the messages is stored; those that need not be are sent now. */
  private void given(
      ClientSession session, RetainedFeed feed, SessionSubscription to, Retained.Page part) {
    for (Message message : part.messages()) {
      if ((!feed.stored || to.qosOf(message) == QoS.AT_MOST_ONCE)
          && session.feeds().contains(feed)
          && session.realm.retained.current(message)) {
        session.outbox.offerRetained(message, to);
      }
    }
    if (part.end()) {
      session.feeds().remove(feed);
    } else if (part.messages().isEmpty()) {
      timer.after(NO_ROOM, () -> done(session, true)); // a large one, until others have left
      return;
    } else {
      feed.advance(last(part.messages()));
    }
    done(session, true);
  }

  private static String last(List<Message> messages) {
    return messages.get(messages.size() - 1).topic().value();
  }

  @Override
  public void close() {
    answers.shutdown();
    feeding.shutdown();
  }
}
