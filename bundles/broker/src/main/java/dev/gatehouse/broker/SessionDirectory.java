package dev.gatehouse.broker;

import dev.gatehouse.api.message.TopicFilter;
import dev.gatehouse.api.session.SessionEnd;
import dev.gatehouse.api.session.SessionOpening;
import dev.gatehouse.api.session.SessionOpening.Opened;
import dev.gatehouse.api.session.SessionOpening.Reason;
import dev.gatehouse.api.session.SessionOpening.Refused;
import dev.gatehouse.api.session.SessionRequest;
import dev.gatehouse.api.session.SessionSink;
import dev.gatehouse.api.session.Sessions;
import dev.gatehouse.api.session.WillRights;
import dev.gatehouse.api.store.Batch;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens, takes over, keeps and ends sessions. Its lock comes before all others of the broker; sinks
 * are told and wills and events published after it is free.
 */
final class SessionDirectory implements Sessions {
  private static final Logger LOG = LoggerFactory.getLogger(SessionDirectory.class);
  private static final Duration RETRY = Duration.ofSeconds(5);
  private static final CompletionStage<Boolean> FAILED = CompletableFuture.completedFuture(false);

  private final Realms realms;
  private final Ledger ledger;
  private final SessionFactory factory;
  private final Lifecycle lifecycle;
  private final Wills wills;
  private final ConnectionServices services;
  private final Supplier<BrokerSettings> settings;
  private final Clock clock;
  private final Timer timer;
  private volatile BiConsumer<Realm, String> reload = (realm, clientId) -> {};

  // guarded by this
  private final Deletions deletions = new Deletions();
  private boolean retrying;
  private int count;
  private int connected;
  private boolean closed;

  SessionDirectory(
      Realms realms,
      SessionFactory factory,
      ConnectionServices services,
      Clock clock,
      Timer timer) {
    this.realms = realms;
    this.factory = factory;
    this.services = services;
    this.ledger = services.ledger();
    this.lifecycle = services.lifecycle();
    this.settings = services.settings();
    this.wills = services.wills();
    this.clock = clock;
    this.timer = timer;
  }

  ConnectionServices services() {
    return services;
  }

  /** Sessions, connected or kept. */
  synchronized int count() {
    return count;
  }

  synchronized int connected() {
    return connected;
  }

  @Override
  public CompletionStage<SessionOpening> open(SessionRequest request, SessionSink sink) {
    Realm realm = realms.of(request.account());
    List<Runnable> told = new ArrayList<>();
    Connection connection;
    boolean present;
    CompletionStage<Boolean> durable;
    synchronized (this) {
      ClientSession existing = realm.sessions.get(request.clientId());
      Refused refused = refusal(request, existing);
      if (refused != null) {
        return CompletableFuture.completedFuture(refused);
      }
      // what another principal's session holds is not for this one, but the client id is
      present =
          existing != null
              && existing.durable()
              && existing.expirySeconds > 0 // else it ends with the connection that it loses
              && !request.cleanStart()
              && existing.owner.equals(request.principal());
      if (!present && !tryMemory(realm, request, existing)) {
        wills.release(request.will());
        return CompletableFuture.completedFuture(
            new Refused(
                Reason.QUOTA_EXCEEDED, "the memory for sessions and subscriptions is full"));
      }
      if (existing != null) {
        leave(existing, SessionEnd.TAKEN_OVER, told);
        if (!present) {
          end(existing, null, true, told);
        }
      }
      ClientSession session =
          present && existing != null ? existing : register(create(realm, request));
      connection = attach(session, request, sink);
      durable = commitOpening(connection, present);
    }
    tell(told);
    return durable.thenApply(
        done -> {
          if (!done) {
            return refuse(connection, present);
          }
          wills.release(connection.cancelled);
          return new Opened(connection, present);
        });
  }

  private @Nullable Refused refusal(SessionRequest request, @Nullable ClientSession existing) {
    if (closed) {
      return new Refused(Reason.STORE_UNAVAILABLE, "the broker is stopping");
    }
    int most = settings.get().maxSessions();
    if (existing == null && count >= most) {
      return new Refused(
          Reason.QUOTA_EXCEEDED,
          "there are %d sessions, at most %d are allowed".formatted(count, most));
    }
    if (!wills.count(request.will())) {
      return new Refused(
          Reason.QUOTA_EXCEEDED,
          "the wills of all clients take as much memory as they may; connect without one");
    }
    return null;
  }

  private static boolean tryMemory(
      Realm realm, SessionRequest request, @Nullable ClientSession replaced) {
    boolean durable = request.expirySeconds() != 0;
    return realm.memory.trySession(
        ClientSession.bytes(request.clientId(), durable),
        durable,
        replaced == null ? 0 : replaced.bytes());
  }

  private ClientSession create(Realm realm, SessionRequest request) {
    return request.expirySeconds() == 0
        ? factory.clean(realm, request.clientId(), request.principal())
        : factory.persistent(realm, request.clientId(), request.principal());
  }

  private ClientSession register(ClientSession session) {
    session.realm.sessions.put(session.clientId, session);
    count++;
    return session;
  }

  private Connection attach(ClientSession session, SessionRequest request, SessionSink sink) {
    SessionWill cancelled = session.will;
    if (cancelled != null) {
      // the client is back in time [MQTT-3.1.3-9]
      cancel(cancelled.due);
      session.will = null;
    }
    Connection connection = new Connection(session, request, cancelled, this);
    connection.expiryBefore = session.expirySeconds;
    session.lease++;
    cancel(session.expiry);
    session.expiry = null;
    session.expirySeconds = request.expirySeconds();
    session.connection = connection;
    connected++;
    session.outbox.attach(sink, request.receiveMaximum());
    return connection;
  }

  private CompletionStage<Boolean> commitOpening(Connection connection, boolean present) {
    ClientSession session = connection.session;
    SessionWill will = connection.will;
    SessionWill cancelled = connection.cancelled;
    Deletions.Deletion deletion = deletions.of(session);
    Consumer<Batch> changes =
        batch -> {
          if (deletion != null) {
            deletion.addTo(batch);
          }
          if (session.durable()) {
            if (present) {
              batch.urgent(); // on a full disk, too, what is stored for a client is fetched
            } else {
              batch.drop(session.outbox.queueName());
            }
            SessionRows.put(batch, session, session.expirySeconds, -1);
          }
          if (cancelled != null) {
            cancelled.delete(batch);
          }
          if (will != null) {
            will.put(batch, will.delaySeconds);
          }
        };
    if (deletion == null) {
      return ledger.commit(changes);
    }
    return deletion
        .prepare()
        .thenCompose(ready -> ready ? ledger.commit(changes) : FAILED)
        .thenApply(done -> settle(deletion, done));
  }

  /**
   * The store could not take the session. A refusal changes nothing: a session that was kept is
   * kept as before, and one that was to be replaced is read from the store again. Another
   * connection that has the session by now goes before.
   */
  private Refused refuse(Connection connection, boolean present) {
    if (undo(connection, present)) {
      reload.accept(connection.session.realm, connection.session.clientId);
    }
    return new Refused(Reason.STORE_UNAVAILABLE, "the session cannot be stored now");
  }

  /** Whether a session is in the store that memory has forgotten. */
  private synchronized boolean undo(Connection connection, boolean present) {
    if (!connection.live) {
      return false;
    }
    ClientSession session = connection.session;
    connection.live = false;
    session.connection = null;
    connected--;
    session.outbox.detach();
    wills.release(connection.will);
    Deletions.Deletion replaced = deletions.of(session);
    if (replaced != null && replaced.revocable()) {
      deletions.done(replaced);
      forget(session, new ArrayList<>());
      session.outbox.close();
      session.releaseMemory();
      return true;
    }
    if (present) {
      session.will = connection.cancelled;
      session.expirySeconds = connection.expiryBefore;
      keep(session, null);
    } else {
      end(session, null, new ArrayList<>());
    }
    return false;
  }

  /** A connection ended, as {@link dev.gatehouse.api.session.Session#close}. */
  void close(Connection connection, SessionEnd end, long expirySeconds) {
    List<Runnable> told = new ArrayList<>();
    synchronized (this) {
      if (!connection.live) {
        return;
      }
      ClientSession session = connection.session;
      if (expirySeconds >= 0) {
        session.expirySeconds = expirySeconds;
      }
      SessionWill discarded = leave(session, end, told);
      if (session.durable() && session.expirySeconds > 0) {
        keep(session, discarded);
      } else {
        end(session, discarded, told);
      }
    }
    tell(told);
  }

  /**
   * Takes the connection away from a session, if it has one.
   *
   * @return its will, if that is not to be published
   */
  private @Nullable SessionWill leave(ClientSession session, SessionEnd end, List<Runnable> told) {
    Connection connection = session.connection;
    if (connection == null) {
      return null;
    }
    connection.live = false;
    session.connection = null;
    connected--;
    SessionSink sink = session.outbox.detach();
    if (end == SessionEnd.TAKEN_OVER && sink != null) {
      told.add(() -> sink.end(SessionEnd.TAKEN_OVER));
    }
    if (connection.announced()) {
      told.add(() -> lifecycle.disconnected(connection, end));
    }
    SessionWill will = connection.will;
    if (will != null && !end.publishesWill()) {
      return will;
    }
    if (will != null && will.delaySeconds == 0) {
      told.add(() -> wills.publish(session, will));
    } else {
      session.will = will;
    }
    return null;
  }

  /** A persistent session waits for its client; {@code discarded} as for {@link #end}. */
  private void keep(ClientSession session, @Nullable SessionWill discarded) {
    int lease = ++session.lease;
    CompletionStage<Boolean> durable =
        ledger.commit(
            batch -> {
              SessionRows.put(batch.urgent(), session, session.expirySeconds, clock.millis());
              if (discarded != null) {
                discarded.delete(batch);
              }
            });
    if (discarded != null && discarded.stored()) {
      durable.thenAccept(done -> wills.discarded(discarded, done));
    }
    expireAfter(session, session.expirySeconds, lease);
    delayWill(session);
  }

  /** Publishes a session's will when its delay is over; the end of the session may come first. */
  private void delayWill(ClientSession session) {
    SessionWill will = session.will;
    if (will == null) {
      return;
    }
    Duration dueAt = will.dueAt;
    if (dueAt == null) {
      dueAt = timer.now().plus(seconds(will.delaySeconds));
      will.dueAt = dueAt;
    }
    Duration left = dueAt.minus(timer.now());
    will.due = timer.after(left.isNegative() ? Duration.ZERO : left, () -> willDue(session, will));
  }

  private void expireAfter(ClientSession session, long seconds, int lease) {
    if (seconds != SessionRequest.NEVER_EXPIRES) {
      session.expiry = timer.after(seconds(seconds), () -> expire(session, lease));
    }
  }

  private void willDue(ClientSession session, SessionWill will) {
    synchronized (this) {
      if (session.will != will) {
        return;
      }
      session.will = null;
    }
    wills.publish(session, will);
  }

  private void expire(ClientSession session, int lease) {
    List<Runnable> told = new ArrayList<>();
    synchronized (this) {
      if (session.lease != lease || session.connection != null) {
        return;
      }
      end(session, null, told);
    }
    tell(told);
  }

  /**
   * A session is over: memory forgets it at once, the store as soon as it can.
   *
   * @param discarded the will of its last connection, unless it is to be published
   */
  private void end(ClientSession session, @Nullable SessionWill discarded, List<Runnable> told) {
    end(session, discarded, false, told);
  }

  /**
   * As above.
   *
   * @param replaced whether the store deletes it in the batch that opens its successor, so that
   *     nothing happens to it if the store cannot take that
   */
  private void end(
      ClientSession session,
      @Nullable SessionWill discarded,
      boolean replaced,
      List<Runnable> told) {
    var filters = forget(session, told);
    wills.release(discarded);
    Handover handover =
        filters.stream().anyMatch(TopicFilter::shared) ? new Handover(session, ledger) : null;
    session.outbox.close();
    session.releaseMemory();
    if (session.durable()) {
      Deletions.Deletion deletion = deletions.add(session, filters, discarded, handover, replaced);
      if (!replaced) {
        delete(deletion);
      }
    } else if (handover != null) {
      told.add(handover::run);
    }
  }

  private List<TopicFilter> forget(ClientSession session, List<Runnable> told) {
    session.lease++;
    session.realm.sessions.remove(session.clientId, session);
    count--;
    cancel(session.expiry);
    SessionWill will = session.will;
    if (will != null) {
      cancel(will.due);
      session.will = null;
      told.add(() -> wills.publish(session, will));
    }
    return session.subscriptions.end();
  }

  private void delete(Deletions.Deletion deletion) {
    deletion
        .prepare()
        .thenCompose(ready -> ready ? ledger.commit(deletion::addTo) : FAILED)
        .thenAccept(done -> settle(deletion, done));
  }

  private synchronized boolean settle(Deletions.@Nullable Deletion deletion, boolean done) {
    if (deletion == null) {
      return done;
    }
    if (done) {
      deletions.done(deletion);
    } else if (!retrying && !closed) {
      retrying = true;
      timer.after(RETRY, this::retryDeletions);
    }
    return done;
  }

  private synchronized void retryDeletions() {
    retrying = false;
    for (Deletions.Deletion deletion : deletions.all()) {
      ClientSession successor = deletion.session.realm.sessions.get(deletion.session.clientId);
      // a persistent successor deletes it in the batch that makes itself durable
      if (successor == null || !successor.durable()) {
        delete(deletion);
      }
    }
  }

  /** How to read a session from the store again, by realm and client id. */
  void reloadWith(BiConsumer<Realm, String> reading) {
    reload = reading;
  }

  /** Does something unless a client id has a session in memory; must not block. */
  synchronized void ifAbsent(Realm realm, String clientId, Runnable action) {
    if (!realm.sessions.containsKey(clientId)) {
      action.run();
    }
  }

  /** Takes a session that the store holds. */
  synchronized void adopt(ClientSession session, long expirySeconds) {
    session.expirySeconds = expirySeconds;
    session.takeMemory();
    register(session);
  }

  /** Gives an adopted session this time to come back. */
  synchronized void expireAfter(ClientSession session, long remainingSeconds) {
    expireAfter(session, remainingSeconds, ++session.lease);
  }

  @Override
  public void publishRestoredWills(WillRights rights) {
    wills.publishRestored(rights);
  }

  /**
   * Takes a will that the store holds. Its delay begins at the start of the gateway, since no
   * client could come back before; a will whose session is over is due at once.
   */
  void adopt(Realm realm, String clientId, SessionWill will) {
    wills.count(will);
    ClientSession session;
    synchronized (this) {
      session = realm.sessions.get(clientId);
      boolean waits =
          session != null
              && will.belongsTo(session)
              && will.delaySeconds > 0
              && session.will == null;
      if (session != null && waits) {
        session.will = will;
        delayWill(session);
        return;
      }
    }
    wills.publish(session, will);
  }

  /** Ends all connections; completes when what is kept is stored. */
  CompletionStage<?> shutdown() {
    List<Runnable> told = new ArrayList<>();
    List<ClientSession> kept = new ArrayList<>();
    List<SessionWill> delayed = new ArrayList<>();
    synchronized (this) {
      closed = true;
      for (Realm realm : realms.all()) {
        for (ClientSession session : realm.sessions.values()) {
          if (session.will != null) {
            delayed.add(session.will);
          }
          Connection connection = session.connection;
          if (connection != null) {
            connection.live = false;
            session.connection = null;
            connected--;
            SessionSink sink = session.outbox.detach();
            if (sink != null) {
              told.add(() -> sink.end(SessionEnd.SERVER_SHUTDOWN));
            }
            if (session.durable()) {
              kept.add(session);
            }
          }
        }
      }
    }
    tell(told);
    long now = clock.millis();
    return ledger.commit(
        batch -> {
          kept.forEach(session -> SessionRows.put(batch, session, session.expirySeconds, now));
          delayed.forEach(will -> will.put(batch, secondsLeft(will)));
        });
  }

  /** Rounded up: what is left of a delay is never 0. */
  private long secondsLeft(SessionWill will) {
    Duration dueAt = will.dueAt;
    long left = dueAt == null ? will.delaySeconds : dueAt.minus(timer.now()).toSeconds() + 1;
    return Math.max(1, Math.min(will.delaySeconds, left));
  }

  private static void cancel(Timer.@Nullable Task task) {
    if (task != null) {
      task.cancel();
    }
  }

  private static Duration seconds(long seconds) {
    return Duration.ofSeconds(seconds);
  }

  private static void tell(List<Runnable> told) {
    for (Runnable each : told) {
      try {
        each.run();
      } catch (RuntimeException e) {
        LOG.error("event=session-callback-failed", e);
      }
    }
  }
}
