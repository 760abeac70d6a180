package dev.gatehouse.broker;

import dev.gatehouse.api.message.Message;
import dev.gatehouse.api.message.PublishOutcome;
import dev.gatehouse.api.message.TopicFilter;
import dev.gatehouse.api.session.Session;
import dev.gatehouse.api.session.SessionEnd;
import dev.gatehouse.api.session.SessionRequest;
import dev.gatehouse.api.session.SubscribeResult;
import dev.gatehouse.api.session.SubscriptionRequest;
import dev.gatehouse.api.session.Will;
import dev.gatehouse.api.store.StoreUnavailableException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** One connection's hold on its session, of no effect once it ended. */
final class Connection implements Session {
  final ClientSession session;
  final @Nullable SessionWill will;
  final @Nullable SessionWill cancelled; // of the connection before: its client is back in time
  final InetAddress source;
  final long version; // grows from one connection of a client id to the next
  volatile boolean live = true; // set by the directory
  long expiryBefore; // of the session, in seconds, before this connection; set by the directory
  private volatile boolean announced;
  private final SessionDirectory directory;

  Connection(
      ClientSession session,
      SessionRequest request,
      @Nullable SessionWill cancelled,
      SessionDirectory directory) {
    Will asked = request.will();
    this.session = session;
    this.will = asked == null ? null : SessionWill.of(session, asked);
    this.cancelled = cancelled;
    this.source = request.source();
    this.directory = directory;
    this.version = services().lifecycle().nextVersion();
  }

  private ConnectionServices services() {
    return directory.services();
  }

  /** Whether the lifecycle event of its beginning was told. */
  boolean announced() {
    return announced;
  }

  @Override
  public void start() {
    if (live && !announced) {
      announced = true;
      session.outbox.start();
      if (session.hasFeeds()) {
        services().retained().feed(session);
      }
      services().lifecycle().connected(this);
    }
  }

  @Override
  public void subscribe(
      List<SubscriptionRequest> requests, CompletableFuture<List<SubscribeResult>> answer) {
    if (!live) {
      answer.complete(Collections.nCopies(requests.size(), SubscribeResult.QUOTA_EXCEEDED));
      return;
    }
    Subscriptions.Granted granted =
        session.subscriptions.add(
            requests,
            services().settings().get().maxSubscriptionsPerSession(),
            services().ledger());
    granted
        .durable()
        .thenAccept(durable -> services().retained().answer(session, granted, durable, answer))
        .thenRun(() -> tellSubscribed(requests, granted));
  }

  private void tellSubscribed(List<SubscriptionRequest> requests, Subscriptions.Granted granted) {
    List<TopicFilter> filters = new ArrayList<>();
    for (int i = 0; i < requests.size(); i++) {
      if (granted.results().get(i) != SubscribeResult.QUOTA_EXCEEDED) {
        filters.add(requests.get(i).filter());
      }
    }
    services().lifecycle().subscribed(this, filters);
  }

  @Override
  public CompletionStage<List<Boolean>> unsubscribe(List<TopicFilter> filters) {
    if (!live) {
      return CompletableFuture.completedFuture(Collections.nCopies(filters.size(), false));
    }
    Subscriptions.Removed removed = session.subscriptions.remove(filters, services().ledger());
    return removed
        .durable()
        .thenApply(
            durable -> {
              if (!durable) {
                throw new StoreUnavailableException(
                    "the end of subscriptions cannot be stored now", false, null);
              }
              if (session.hasFeeds()) {
                services().retained().feed(session); // one has ended, and others may follow
              }
              services().lifecycle().unsubscribed(this, filters);
              return removed.results();
            });
  }

  @Override
  public CompletionStage<PublishOutcome> publish(Message message) {
    if (!live) {
      return Router.settled(PublishOutcome.QUOTA_EXCEEDED);
    }
    return services().router().publish(message, session, null);
  }

  @Override
  public CompletionStage<PublishOutcome> publish(Message message, int packetId) {
    if (!live) {
      return Router.settled(PublishOutcome.QUOTA_EXCEEDED);
    }
    return session
        .received()
        .once(packetId, others -> services().router().publish(message, session, others));
  }

  @Override
  public CompletionStage<Boolean> release(int packetId) {
    return live
        ? session.received().release(packetId, services().ledger())
        : CompletableFuture.completedFuture(false);
  }

  @Override
  public boolean received(int packetId, boolean accepted) {
    return !live || session.outbox.received(packetId, accepted);
  }

  @Override
  public void complete(int packetId) {
    if (live) {
      session.outbox.complete(packetId);
    }
  }

  @Override
  public void acknowledge(int packetId) {
    if (live) {
      session.outbox.acknowledge(packetId);
    }
  }

  @Override
  public void resume() {
    if (live) {
      session.outbox.resume();
    }
  }

  @Override
  public void close(SessionEnd end, long expirySeconds) {
    directory.close(this, end, expirySeconds);
  }
}
