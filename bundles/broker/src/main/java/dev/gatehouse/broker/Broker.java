package dev.gatehouse.broker;

import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.api.message.Mailbox;
import dev.gatehouse.api.message.Message;
import dev.gatehouse.api.message.MessageBus;
import dev.gatehouse.api.message.MessageHandler;
import dev.gatehouse.api.message.PublishOutcome;
import dev.gatehouse.api.message.QoS;
import dev.gatehouse.api.message.TopicClaim;
import dev.gatehouse.api.message.TopicFilter;
import dev.gatehouse.api.session.SessionEnd;
import dev.gatehouse.api.session.SessionOpening;
import dev.gatehouse.api.session.SessionRequest;
import dev.gatehouse.api.session.SessionSink;
import dev.gatehouse.api.session.Sessions;
import dev.gatehouse.api.session.SubscribeResult;
import dev.gatehouse.api.session.SubscriptionRequest;
import dev.gatehouse.api.store.Batch;
import dev.gatehouse.api.store.Store;
import dev.gatehouse.api.telemetry.Metric;
import dev.gatehouse.api.telemetry.MetricSource;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.annotations.Designate;

/** The broker: one look-up in one tree, then straight to whoever subscribed. */
@Component(
    configurationPid = "dev.gatehouse.broker",
    immediate = true,
    service = {MessageBus.class, Sessions.class, MetricSource.class})
@Designate(ocd = BrokerConfig.class)
public final class Broker implements MessageBus, Sessions, MetricSource {
  private static final CompletionStage<PublishOutcome> DELIVERED =
      CompletableFuture.completedFuture(PublishOutcome.DELIVERED);
  private static final CompletionStage<PublishOutcome> NOBODY =
      CompletableFuture.completedFuture(PublishOutcome.NO_SUBSCRIBERS);
  private static final CompletionStage<PublishOutcome> UNCLAIMED =
      CompletableFuture.completedFuture(PublishOutcome.RESERVED_TOPIC_UNCLAIMED);

  private final BrokerSettings settings;
  private final Store store;

  private final BrokerCounters counters = new BrokerCounters();
  private final BrokerThreads threads;
  private final Map<Account, AccountTopics> topics = new ConcurrentHashMap<>();
  private final Map<SessionKey, SessionState> sessions = new ConcurrentHashMap<>();
  private final Claims claims;
  private final Retained retained;
  private final LifecycleEvents events;
  private final Endings endings;
  private final Object durableOrder = new Object(); // numbers are committed in the order given

  /** Loads persistent sessions and retained messages. */
  @Activate
  public Broker(@Reference Store store, BrokerConfig config) {
    this(store, BrokerSettings.of(config), Clock.systemUTC());
  }

  Broker(Store store, BrokerSettings settings, Clock clock) {
    this.store = store;
    this.settings = settings;

    this.threads = new BrokerThreads(settings.mailboxThreads());
    this.claims = new Claims(threads.workers(), counters);
    this.retained = new Retained(store, settings.maxRetained());
    this.events = new LifecycleEvents(message -> publish(message, null), clock);
    this.endings = new Endings(threads.timer(), will -> publish(will, null), this::expire);
    new SessionLoader(store).load(this::restore);
  }

  @Deactivate
  void deactivate() {
    for (SessionState state : sessions.values()) {
      Connection connection = state.connection();
      if (connection != null) {
        connection.sink.end(SessionEnd.SERVER_SHUTDOWN);
      }
    }
    threads.stop();
  }

  @Reference(
      policy = ReferencePolicy.DYNAMIC,
      cardinality = ReferenceCardinality.MULTIPLE,
      unbind = "removeClaim")
  void addClaim(TopicClaim claim) {
    claims.add(claim);
  }

  void removeClaim(TopicClaim claim) {
    claims.remove(claim);
  }

  private void restore(SessionRow row) {
    SessionState state = newState(row.key(), row.owner(), row.expirySeconds());
    sessions.put(row.key(), state);
    for (SubscriptionRequest request : row.subscriptions()) {
      state.subscribe(request);
      topicsOf(row.key().account()).add(request.filter(), new Subscriber.OfSession(state, request));
    }
    // The clock may have leapt while the gateway was off: the full time is granted anew.
    endings.expireLater(row.key(), row.expirySeconds());
  }

  private SessionState newState(SessionKey key, String owner, long expirySeconds) {
    return new SessionState(
        key,
        owner,
        expirySeconds,
        settings,
        counters,
        new SessionQueue(key, store, threads.timer()));
  }

  private AccountTopics topicsOf(Account account) {
    AccountTopics known = topics.get(account);
    return known != null ? known : topics.computeIfAbsent(account, name -> new AccountTopics());
  }

  // ---- publishing ---------------------------------------------------------------------------

  @Override
  public CompletionStage<PublishOutcome> publish(Message message) {
    return publish(message, null);
  }

  CompletionStage<PublishOutcome> publish(Message message, @Nullable SessionState from) {
    counters.messagePublished();
    Handoff handoff = new Handoff();
    if (message.topic().value().charAt(0) == '$' && !message.origin().internal()) {
      MailboxRunner owner = claims.owner(message.topic());
      boolean reserved = message.topic().reserved() || message.topic().value().startsWith("$SYS/");
      if (owner == null && reserved) {
        return UNCLAIMED;
      }
      if (owner != null) {
        handoff.offered(owner.offer(message));
      }
    }
    if (message.retain()) {
      handoff.durable(retained.update(message));
    }
    Recipients recipients = topicsOf(message.account()).recipients(message.topic());
    if (recipients.nobody() && handoff.nothing()) {
      return NOBODY;
    }
    for (MailboxRunner mailbox : recipients.mailboxes()) {
      handoff.offered(mailbox.offer(message));
    }
    deliver(message, from, recipients.sessions(), handoff);
    return handoff.nothing() ? DELIVERED : handoff.outcome();
  }

  private void deliver(
      Message message,
      @Nullable SessionState from,
      List<Recipients.Target> targets,
      Handoff handoff) {
    List<Recipients.Target> durable = null;
    for (Recipients.Target target : targets) {
      SessionState session = target.session();
      if (target.noLocal() && session == from) {
        continue;
      }
      QoS qos = message.qos().atMost(target.qos());
      if (qos != QoS.AT_MOST_ONCE && session.persistent()) {
        durable = durable == null ? new ArrayList<>() : durable;
        durable.add(target);
      } else {
        boolean retain = message.retain() && target.retainAsPublished();
        session.deliver(message, qos, retain, target.subscriptionIds());
      }
    }
    if (durable != null) {
      handoff.durable(enqueue(message, durable, false));
    }
  }

  /** Puts a message into the queues of persistent sessions; they are sent it once it is durable. */
  private CompletionStage<Void> enqueue(
      Message message, List<Recipients.Target> targets, boolean asRetained) {
    byte[] value = MessageCodec.encode(message);
    List<Batch.Target> entries = new ArrayList<>(targets.size());
    CompletionStage<Void> done;
    synchronized (durableOrder) {
      for (Recipients.Target target : targets) {
        SessionQueue queue = target.session().queue();
        if (queue.full(settings)) {
          counters.messageDropped();
          continue;
        }
        QoS qos = message.qos().atMost(target.qos());
        boolean retain = asRetained || (message.retain() && target.retainAsPublished());
        entries.add(
            new Batch.Target(
                target.session().key().queue(),
                queue.nextNumber(),
                MessageCodec.header(target, qos, retain)));
      }
      if (entries.isEmpty()) {
        return CompletableFuture.completedFuture(null);
      }
      done = store.commit(new Batch().append(entries, value));
    }
    return done.thenRun(() -> targets.forEach(target -> target.session().pump()));
  }

  @Override
  public Subscription subscribe(
      Account account, TopicFilter filter, Mailbox mailbox, MessageHandler handler) {
    MailboxRunner runner = new MailboxRunner(mailbox, handler, threads.workers(), counters);
    Subscriber subscriber = new Subscriber.Internal(runner);
    topicsOf(account).add(filter, subscriber);
    return () -> {
      topicsOf(account).remove(filter, subscriber);
      runner.close();
    };
  }

  // ---- sessions -----------------------------------------------------------------------------

  @Override
  public CompletionStage<SessionOpening> open(SessionRequest request, SessionSink sink) {
    SessionKey key = new SessionKey(request.account(), request.clientId());
    String owner = owner(request.principal());
    Batch batch = new Batch();
    SessionState state;
    Connection connection;
    Connection former = null;
    boolean present;
    synchronized (sessions) {
      SessionState existing = sessions.get(key);
      if (existing != null && !existing.owner().equals(owner)) {
        return refused(
            SessionOpening.Reason.OTHER_PRINCIPAL,
            "client id '" + key.clientId() + "' has a session of another principal");
      }
      if (existing == null && sessions.size() >= settings.maxSessions()) {
        return refused(
            SessionOpening.Reason.QUOTA_EXCEEDED,
            "more than " + settings.maxSessions() + " sessions");
      }
      if (existing != null) {
        former = existing.connection();
        if (former != null) {
          existing.detach(former, -1);
        }
      }
      present = existing != null && !request.cleanStart();
      if (existing != null && !present) {
        forget(existing, batch);
      }
      state =
          present && existing != null ? existing : newState(key, owner, request.expirySeconds());
      connection = new Connection(this, state, request, sink);
      state.attach(connection, request.expirySeconds());
      sessions.put(key, state);
      endings.returned(key, !present);
      persist(state, batch);
    }
    if (former != null) {
      former.sink.end(SessionEnd.TAKEN_OVER);
      endings.will(key, former.request.will(), present ? -1 : 0);
      events.disconnected(key, former, SessionEnd.TAKEN_OVER);
    }
    return opened(state, connection, present, batch);
  }

  private CompletionStage<SessionOpening> opened(
      SessionState state, Connection connection, boolean present, Batch batch) {
    CompletionStage<Void> durable =
        batch.changes().isEmpty() ? CompletableFuture.completedFuture(null) : store.commit(batch);
    return durable.handle(
        (done, failure) -> {
          if (failure != null) {
            disconnected(state, connection, SessionEnd.SERVER_ERROR, 0);
            return new SessionOpening.Refused(
                SessionOpening.Reason.STORE_UNAVAILABLE,
                "the session cannot be kept now: " + failure.getMessage());
          }
          events.connected(state.key(), connection);
          return new SessionOpening.Opened(connection, present);
        });
  }

  private static CompletionStage<SessionOpening> refused(
      SessionOpening.Reason reason, String message) {
    return CompletableFuture.completedFuture(new SessionOpening.Refused(reason, message));
  }

  private static String owner(Principal principal) {
    return principal.getClass().getSimpleName() + ":" + principal.id();
  }

  /** Takes a session out of memory, and puts its removal from the store into a batch. */
  private void forget(SessionState state, Batch batch) {
    sessions.remove(state.key(), state);
    AccountTopics tree = topicsOf(state.key().account());
    state
        .subscriptions()
        .forEach(
            (filter, request) -> tree.remove(filter, new Subscriber.OfSession(state, request)));
    batch.delete(SessionRow.TABLE, state.key().row()).drop(state.key().queue());
  }

  private static void persist(SessionState state, Batch batch) {
    if (state.persistent()) {
      batch.put(
          SessionRow.TABLE,
          state.key().row(),
          SessionRow.stored(state.owner(), state.expirySeconds(), state.subscriptions().values()));
    }
  }

  private CompletionStage<Void> persisted(SessionState state) {
    Batch batch = new Batch();
    synchronized (sessions) { // rows are committed in the order in which they were read
      persist(state, batch);
      return batch.changes().isEmpty()
          ? CompletableFuture.completedFuture(null)
          : store.commit(batch);
    }
  }

  CompletionStage<List<SubscribeResult>> subscribe(
      SessionState state, Connection connection, List<SubscriptionRequest> requests) {
    List<SubscribeResult> results = new ArrayList<>();
    List<SubscriptionRequest> sendRetained = new ArrayList<>();
    List<TopicFilter> granted = new ArrayList<>();
    AccountTopics tree = topicsOf(state.key().account());
    for (SubscriptionRequest asked : requests) {
      if (!state.subscriptions().containsKey(asked.filter())
          && state.subscriptions().size() >= settings.maxSubscriptionsPerSession()) {
        results.add(SubscribeResult.QUOTA_EXCEEDED);
        continue;
      }
      SubscriptionRequest request = Granting.granted(asked);
      SubscriptionRequest before = state.subscribe(request);
      tree.add(request.filter(), new Subscriber.OfSession(state, request));
      if (before != null) {
        tree.remove(request.filter(), new Subscriber.OfSession(state, before));
      }
      if (Granting.sendsRetained(request, before == null)) {
        sendRetained.add(request);
      }
      granted.add(request.filter());
      results.add(Granting.result(request));
    }
    CompletableFuture<List<SubscribeResult>> answer = new CompletableFuture<>();
    persisted(state)
        .whenComplete(
            (done, failure) -> {
              answer.complete(failure == null ? results : Granting.failed(results));
              if (failure == null) {
                sendRetained.forEach(request -> sendRetained(state, request));
                events.subscriptions(state.key(), connection, true, granted);
              }
            });
    return answer;
  }

  private void sendRetained(SessionState state, SubscriptionRequest request) {
    for (Message message : retained.match(state.key().account(), request.filter())) {
      Recipients.Target target =
          Recipients.of(0, List.of(new Subscriber.OfSession(state, request))).sessions().get(0);
      QoS qos = message.qos().atMost(request.maximumQos());
      if (qos != QoS.AT_MOST_ONCE && state.persistent()) {
        enqueue(message, List.of(target), true);
      } else {
        state.deliver(message, qos, true, target.subscriptionIds());
      }
    }
  }

  CompletionStage<List<Boolean>> unsubscribe(
      SessionState state, Connection connection, List<TopicFilter> filters) {
    List<Boolean> results = new ArrayList<>();
    AccountTopics tree = topicsOf(state.key().account());
    for (TopicFilter filter : filters) {
      SubscriptionRequest before = state.unsubscribe(filter);
      results.add(before != null);
      if (before != null) {
        tree.remove(filter, new Subscriber.OfSession(state, before));
      }
    }
    return persisted(state)
        .handle(
            (done, failure) -> {
              events.subscriptions(state.key(), connection, false, filters);
              return results;
            });
  }

  void disconnected(SessionState state, Connection connection, SessionEnd end, long expirySeconds) {
    Batch batch = new Batch();
    synchronized (sessions) {
      if (!state.detach(connection, expirySeconds)) {
        return;
      }
      if (state.persistent()) {
        if (expirySeconds >= 0) {
          persist(state, batch);
        }
        endings.expireLater(state.key(), state.expirySeconds());
      } else if (connection.request.expirySeconds() > 0) {
        forget(state, batch); // it was to outlive its connection, and no longer is
      } else {
        forget(state, new Batch()); // the store never had it
      }
    }
    if (!batch.changes().isEmpty()) {
      store.commit(batch);
    }
    if (end.publishesWill()) {
      endings.will(state.key(), connection.request.will(), state.expirySeconds());
    }
    events.disconnected(state.key(), connection, end);
  }

  /** A session's time is over, unless it is connected again. */
  private void expire(SessionKey key) {
    Batch batch = new Batch();
    synchronized (sessions) {
      SessionState state = sessions.get(key);
      if (state == null || state.connection() != null) {
        return;
      }
      forget(state, batch);
    }
    store.commit(batch);
    events.forget(key);
  }

  @Override
  public List<Metric> metrics() {
    int connected =
        (int) sessions.values().stream().filter(state -> state.connection() != null).count();
    return counters.metrics(sessions.size(), connected, retained.size());
  }
}
