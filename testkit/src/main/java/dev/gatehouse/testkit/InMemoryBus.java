package dev.gatehouse.testkit;

import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.message.Mailbox;
import dev.gatehouse.api.message.Message;
import dev.gatehouse.api.message.MessageBus;
import dev.gatehouse.api.message.MessageHandler;
import dev.gatehouse.api.message.PublishOutcome;
import dev.gatehouse.api.message.TopicFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** The bus contract on the caller's own thread: handlers have run when {@link #publish} returns. */
public final class InMemoryBus implements MessageBus {
  private final List<Subscriber> subscribers = new CopyOnWriteArrayList<>();
  private final AtomicInteger made = new AtomicInteger();
  private final AtomicInteger drained = new AtomicInteger();
  private final List<Message> published = new CopyOnWriteArrayList<>();

  /** Everything published so far, in order. */
  public List<Message> published() {
    return List.copyOf(published);
  }

  /** Payloads published to one topic so far, as text. */
  public List<String> textsOf(String topic) {
    return published.stream()
        .filter(message -> message.topic().value().equals(topic))
        .map(message -> message.payload().text())
        .toList();
  }

  /** Number of subscriptions that were ever made. */
  public int subscribed() {
    return made.get();
  }

  /** Number of subscriptions that were drained. */
  public int drained() {
    return drained.get();
  }

  /** Number of open subscriptions. */
  public int subscriptions() {
    return subscribers.size();
  }

  @Override
  public CompletionStage<PublishOutcome> publish(Message message) {
    published.add(message);
    List<CompletableFuture<?>> confirmations = new ArrayList<>();
    int matched = 0;
    for (Subscriber subscriber : subscribers) {
      if (subscriber.account.equals(message.account())
          && subscriber.filter.matches(message.topic())) {
        matched++;
        CompletionStage<?> stage = subscriber.handler.onMessage(message);
        if (subscriber.mailbox.confirmed()) {
          confirmations.add(stage.toCompletableFuture());
        }
      }
    }
    PublishOutcome outcome =
        matched == 0 ? PublishOutcome.NO_SUBSCRIBERS : PublishOutcome.DELIVERED;
    return CompletableFuture.allOf(confirmations.toArray(CompletableFuture<?>[]::new))
        .handle((done, failure) -> outcome);
  }

  @Override
  public Subscription subscribe(
      Account account, TopicFilter filter, Mailbox mailbox, MessageHandler handler) {
    Subscriber subscriber = new Subscriber(account, filter, mailbox, handler);
    subscribers.add(subscriber);
    made.incrementAndGet();
    return new Subscription() {
      @Override
      public void close() {
        subscribers.remove(subscriber);
      }

      @Override
      public CompletionStage<Void> drain() {
        close(); // nothing ever waits
        drained.incrementAndGet();
        return CompletableFuture.completedStage(null);
      }
    };
  }

  private record Subscriber(
      Account account, TopicFilter filter, Mailbox mailbox, MessageHandler handler) {}
}
