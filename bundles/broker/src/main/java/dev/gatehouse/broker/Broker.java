package dev.gatehouse.broker;

import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.memory.MemoryBudget;
import dev.gatehouse.api.message.Mailbox;
import dev.gatehouse.api.message.Message;
import dev.gatehouse.api.message.MessageBus;
import dev.gatehouse.api.message.MessageHandler;
import dev.gatehouse.api.message.PublishOutcome;
import dev.gatehouse.api.message.TopicFilter;
import dev.gatehouse.api.session.SessionOpening;
import dev.gatehouse.api.session.SessionRequest;
import dev.gatehouse.api.session.SessionSink;
import dev.gatehouse.api.session.Sessions;
import dev.gatehouse.api.session.WillRights;
import dev.gatehouse.api.store.Store;
import dev.gatehouse.api.store.StoreStatus;
import dev.gatehouse.api.telemetry.HealthCheck;
import dev.gatehouse.api.telemetry.Metric;
import dev.gatehouse.api.telemetry.MetricSource;
import dev.gatehouse.api.time.PassedTime;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The broker: one bus for all, sessions for MQTT clients. Locks are taken in this order: directory,
 * a session's subscriptions, ledger, outbox or trie; sinks are called under an outbox's lock only.
 */
@Component(
    service = {
      Broker.class,
      MessageBus.class,
      Sessions.class,
      MetricSource.class,
      HealthCheck.class
    },
    configurationPid = "dev.gatehouse.broker",
    immediate = true)
@Designate(ocd = BrokerConfig.class)
public final class Broker implements MessageBus, Sessions, MetricSource, HealthCheck {
  private static final Logger LOG = LoggerFactory.getLogger(Broker.class);
  private static final long SHUTDOWN_SECONDS = 2;

  private final Store store;
  private final BrokerMemory memory;
  private volatile BrokerSettings settings;
  private final Counters counters = new Counters();
  private final Realms realms;
  private final MailboxPool pool;
  private final Claims claims;
  private final Router router;
  private final RetainedDelivery retained;
  private final Trims trims;
  private final SessionDirectory directory;
  private final AutoCloseable timerEnd;
  private final Set<MailboxSubscriber> mailboxes = ConcurrentHashMap.newKeySet();
  private volatile boolean stopped;

  /** Restores what the store holds. */
  @Activate
  public Broker(@Reference Store store, @Reference MemoryBudget budget, BrokerConfig config) {
    this(store, budget, BrokerSettings.of(config), new ThreadTimer());
  }

  private Broker(Store store, MemoryBudget budget, BrokerSettings settings, ThreadTimer timer) {
    this(store, new BrokerMemory(budget), settings, Clock.systemUTC(), timer, timer);
  }

  Broker(
      Store store,
      BrokerMemory memory,
      BrokerSettings settings,
      Clock clock,
      Timer timer,
      AutoCloseable timerEnd) {
    this.store = store;
    this.memory = memory;
    this.settings = settings;
    this.timerEnd = timerEnd;
    Supplier<BrokerSettings> current = () -> this.settings;
    realms = new Realms(current, timer, memory);
    pool = new MailboxPool(settings.mailboxThreads());
    claims = new Claims(pool, counters, memory);
    Ledger ledger = new Ledger(store, counters);
    router = new Router(realms, claims, ledger, counters);
    retained = new RetainedDelivery(clock, ledger, timer);
    trims = new Trims(ledger, timer);
    OutboxServices outboxes =
        new OutboxServices(
            current,
            counters,
            new Lifetime(current, PassedTime.of(clock)),
            memory.messages,
            new MemoryWaiters(timer));
    SessionFactory factory = new SessionFactory(store, trims, ledger, outboxes);
    Lifecycle lifecycle = new Lifecycle(router, clock);
    Wills wills = new Wills(router, ledger, clock, timer, memory.wills);
    directory =
        new SessionDirectory(
            realms,
            factory,
            new ConnectionServices(current, ledger, router, lifecycle, retained, wills),
            clock,
            timer);
    Recovery recovery = new Recovery(store, realms, factory, directory, current, clock);
    try {
      ledger.startAfter(recovery.run());
    } catch (RuntimeException e) {
      memory.close(); // else the next one could not open its shares
      throw e;
    }
    directory.reloadWith(recovery::reload);
    LOG.info(
        "event=broker-started sessions={} retained={}",
        directory.count(),
        realms.retainedBudget().messages());
  }

  /** Limits count at once, for sessions that are there too; what they already hold stays. */
  @Modified
  void modified(BrokerConfig config) {
    change(BrokerSettings.of(config));
  }

  void change(BrokerSettings changed) {
    settings = changed;
    realms.all().forEach(realm -> realm.trie.parentMatch(changed.parentMatch()));
  }

  /** Ends all connections and stores what is kept. */
  @Deactivate
  public void stop() {
    stopped = true;
    CompletableFuture<?> kept =
        directory.shutdown().thenCompose(rows -> trims.flush()).toCompletableFuture();
    try {
      kept.get(SHUTDOWN_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn("event=stop-not-stored reason=\"{}\"", e.toString());
    }
    retained.close();
    pool.close();
    try {
      timerEnd.close();
    } catch (Exception e) {
      throw new IllegalStateException("the timer does not stop", e);
    }
    memory.close();
  }

  @Override
  public CompletionStage<PublishOutcome> publish(Message message) {
    return stopped
        ? Router.settled(PublishOutcome.STORE_UNAVAILABLE)
        : router.publish(message, null, null);
  }

  @Override
  public Subscription subscribe(
      Account account, TopicFilter filter, Mailbox mailbox, MessageHandler handler) {
    TopicTrie trie = realms.of(account).trie;
    MailboxSubscriber subscriber =
        new MailboxSubscriber(mailbox, handler, pool, counters, memory.mailboxes);
    mailboxes.add(subscriber);
    trie.add(filter, subscriber);
    AtomicBoolean open = new AtomicBoolean(true);
    Runnable leave =
        () -> {
          if (open.compareAndSet(true, false)) {
            trie.remove(filter, subscriber);
            mailboxes.remove(subscriber);
          }
        };
    return new Subscription() {
      @Override
      public void close() {
        leave.run();
        subscriber.close();
      }

      @Override
      public CompletionStage<Void> drain() {
        leave.run();
        return subscriber.drained();
      }
    };
  }

  @Override
  public CompletionStage<SessionOpening> open(SessionRequest request, SessionSink sink) {
    return directory.open(request, sink);
  }

  @Override
  public void publishRestoredWills(WillRights rights) {
    directory.publishRestoredWills(rights);
  }

  Claims claims() {
    return claims;
  }

  Realm realm(Account account) {
    return realms.of(account);
  }

  BrokerMemory memory() {
    return memory;
  }

  Counters counters() {
    return counters;
  }

  @Override
  public List<Metric> metrics() {
    List<Metric> metrics = new ArrayList<>(counters.metrics());
    metrics.add(Metric.gauge("broker_sessions", directory.count()));
    metrics.add(Metric.gauge("broker_sessions_connected", directory.connected()));
    metrics.add(
        Metric.gauge(
            "broker_subscriptions",
            realms.all().stream().mapToInt(realm -> realm.trie.size()).sum()));
    metrics.add(Metric.gauge("broker_buffered_bytes", memory.messages.usedBytes()));
    metrics.add(
        Metric.gauge("broker_retained_messages", (double) realms.retainedBudget().messages()));
    metrics.add(Metric.gauge("broker_retained_bytes", (double) realms.retainedBudget().bytes()));
    long waiting = 0;
    for (MailboxSubscriber mailbox : mailboxes) {
      waiting += mailbox.depth();
    }
    for (MailboxSubscriber mailbox : claims.mailboxes()) {
      waiting += mailbox.depth();
    }
    metrics.add(Metric.gauge("broker_mailbox_messages", (double) waiting));
    return metrics;
  }

  @Override
  public Health health() {
    if (stopped) {
      return new Health("broker", State.DOWN, "the broker is stopped");
    }
    if (store.status().mode() != StoreStatus.Mode.READ_WRITE) {
      return new Health(
          "broker",
          State.DEGRADED,
          "QoS 1 to persistent sessions, new persistent sessions and retained messages are refused"
              + " until the store can write");
    }
    if (directory.count() >= settings.maxSessions()) {
      return new Health(
          "broker",
          State.DEGRADED,
          "all of maxSessions=" + settings.maxSessions() + " sessions are taken: raise it");
    }
    return new Health("broker", State.UP, "");
  }
}
