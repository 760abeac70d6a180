package dev.gatehouse.broker;

import dev.gatehouse.api.message.Message;
import dev.gatehouse.api.message.QoS;
import dev.gatehouse.api.session.SubscribeResult;
import java.time.Clock;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Answers a SUBSCRIBE and sends the retained messages after the answer. A thread of its own looks
 * them up: that may be long, and the subscriber has its answer in hand before they come.
 */
final class RetainedDelivery implements AutoCloseable {
  private static final int MOST_WAITING = 4096;

  private final Clock clock;
  private final Ledger ledger;
  private final ThreadPoolExecutor executor;

  RetainedDelivery(Clock clock, Ledger ledger) {
    this.clock = clock;
    this.ledger = ledger;
    executor =
        new ThreadPoolExecutor(
            1,
            1,
            30,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MOST_WAITING),
            task -> {
              Thread thread = new Thread(task, "gatehouse-broker-retained");
              thread.setDaemon(true);
              return thread;
            },
            // a flood of SUBSCRIBEs pays for itself
            new ThreadPoolExecutor.CallerRunsPolicy());
    executor.allowCoreThreadTimeOut(true);
  }

  /** Completes the answer, then sends what the subscriptions get. */
  void answer(
      Subscriptions.Granted granted,
      boolean durable,
      CompletableFuture<List<SubscribeResult>> answer) {
    if (!durable) {
      answer.complete(
          granted.results().stream()
              .map(
                  result ->
                      result == SubscribeResult.QUOTA_EXCEEDED
                          ? result
                          : SubscribeResult.STORE_UNAVAILABLE)
              .toList());
      return;
    }
    List<SubscribeResult> results = Collections.unmodifiableList(granted.results());
    List<SessionSubscription> receivers =
        granted.retained().stream().filter(each -> !each.session.realm.retained.empty()).toList();
    if (receivers.isEmpty()) {
      answer.complete(results);
      return;
    }
    executor.execute(
        () -> {
          List<Set<Message>> before = receivers.stream().map(this::matching).toList();
          answer.complete(results);
          for (int i = 0; i < receivers.size(); i++) {
            send(receivers.get(i), before.get(i));
          }
        });
  }

  private Set<Message> matching(SessionSubscription receiver) {
    Set<Message> found = Collections.newSetFromMap(new IdentityHashMap<>());
    if (receiver.filter != null) {
      found.addAll(receiver.session.realm.retained.matching(receiver.filter, clock.millis()));
    }
    return found;
  }

  /** What was retained meanwhile came to the subscription as it was published. */
  private void send(SessionSubscription receiver, Set<Message> before) {
    if (receiver.filter == null || before.isEmpty()) {
      return;
    }
    for (Message message :
        receiver.session.realm.retained.matching(receiver.filter, clock.millis())) {
      if (!before.contains(message)) {
        continue;
      }
      if (receiver.session.durable() && receiver.qosOf(message) != QoS.AT_MOST_ONCE) {
        ledger.append(message, List.of(receiver.retained()), batch -> {});
      } else {
        receiver.session.outbox.offerRetained(message, receiver);
      }
    }
  }

  @Override
  public void close() {
    executor.shutdown();
  }
}
