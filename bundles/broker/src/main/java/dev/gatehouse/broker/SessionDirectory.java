package dev.gatehouse.broker;

import dev.gatehouse.api.session.SessionEnd;
import dev.gatehouse.api.session.SessionOpening;
import dev.gatehouse.api.session.SessionOpening.Opened;
import dev.gatehouse.api.session.SessionOpening.Reason;
import dev.gatehouse.api.session.SessionOpening.Refused;
import dev.gatehouse.api.session.SessionRequest;
import dev.gatehouse.api.session.SessionSink;
import dev.gatehouse.api.session.Sessions;
import dev.gatehouse.api.session.Will;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens, takes over, keeps and ends sessions. Its lock comes before all others of the broker; sinks
 * are told and wills and events published after it is free.
 */
final class SessionDirectory implements Sessions {
  private static final Logger log = LoggerFactory.getLogger(SessionDirectory.class);
  private static final Duration RETRY = Duration.ofSeconds(5);

  private final Realms realms;
  private final Ledger ledger;
  private final SessionFactory factory;
  private final Lifecycle lifecycle;
  private final Wills wills;
  private final ConnectionServices services;
  private final Supplier<BrokerSettings> settings;
  private final Clock clock;
  private final Timer timer;

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
    this.wills = new Wills(services.router(), clock);
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
      Refused refused = refusal(existing);
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
      if (existing != null) {
        leave(existing, SessionEnd.TAKEN_OVER, present, told);
        if (!present) {
          end(existing, told);
        }
      }
      ClientSession session =
          present && existing != null ? existing : register(create(realm, request));
      connection = attach(session, request, sink);
      durable = commitOpening(session, present);
    }
    tell(told);
    return durable.thenApply(
        done -> done ? new Opened(connection, present) : refuse(connection, present));
  }

  private @Nullable Refused refusal(@Nullable ClientSession existing) {
    if (closed) {
      return new Refused(Reason.STORE_UNAVAILABLE, "the broker is stopping");
    }
    if (existing == null && count >= settings.get().maxSessions()) {
      return new Refused(
          Reason.QUOTA_EXCEEDED,
          "there are "
              + count
              + " sessions, at most "
              + settings.get().maxSessions()
              + " are allowed");
    }
    return null;
  }

  private ClientSession create(Realm realm, SessionRequest request) {
    return request.expirySeconds() == 0
        ? factory.clean(realm, request.clientId(), request.principal())
        : factory.persistent(realm, request.clientId(), request.principal(), UUID.randomUUID(), 0);
  }

  private ClientSession register(ClientSession session) {
    session.realm.sessions.put(session.clientId, session);
    count++;
    return session;
  }

  private Connection attach(ClientSession session, SessionRequest request, SessionSink sink) {
    Connection connection = new Connection(session, request, this);
    session.lease++;
    cancel(session.expiry);
    session.expiry = null;
    PendingWill will = session.will;
    if (will != null) {
      // the client is back in time [MQTT-3.1.3-9]
      cancel(will.due);
      session.will = null;
    }
    session.expirySeconds = request.expirySeconds();
    session.connection = connection;
    connected++;
    session.outbox.attach(sink, request.receiveMaximum());
    return connection;
  }

  private CompletionStage<Boolean> commitOpening(ClientSession session, boolean present) {
    Deletions.Deletion deletion = deletions.of(session);
    return ledger
        .commit(
            batch -> {
              if (deletion != null) {
                deletion.addTo(batch);
              }
              if (session.durable()) {
                if (!present) {
                  batch.drop(session.outbox.queueName());
                }
                SessionRows.put(batch, session, session.expirySeconds, -1);
              }
            })
        .thenApply(done -> settle(deletion, done));
  }

  /** The store could not take the session: undone, unless another connection has it by now. */
  private synchronized Refused refuse(Connection connection, boolean present) {
    if (connection.live) {
      ClientSession session = connection.session;
      connection.live = false;
      session.connection = null;
      connected--;
      session.outbox.detach();
      if (present) {
        keep(session);
      } else {
        end(session, new ArrayList<>());
      }
    }
    return new Refused(Reason.STORE_UNAVAILABLE, "the session can not be stored now");
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
      leave(session, end, false, told);
      if (session.durable() && session.expirySeconds > 0) {
        keep(session);
      } else {
        end(session, told);
      }
    }
    tell(told);
  }

  /** Takes the connection away from a session, if it has one. */
  private void leave(ClientSession session, SessionEnd end, boolean resumed, List<Runnable> told) {
    Connection connection = session.connection;
    if (connection == null) {
      return;
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
    Will will = end.publishesWill() ? connection.will : null;
    if (will != null && will.delaySeconds() == 0) {
      told.add(() -> wills.publish(session, will));
    } else if (will != null && !resumed) {
      session.will = new PendingWill(will);
    }
  }

  /** A persistent session waits for its client. */
  private void keep(ClientSession session) {
    int lease = ++session.lease;
    ledger.commit(batch -> SessionRows.put(batch, session, session.expirySeconds, clock.millis()));
    expireAfter(session, session.expirySeconds, lease);
    PendingWill will = session.will;
    if (will != null) {
      // a session that ends first publishes it
      will.due = timer.after(seconds(will.will.delaySeconds()), () -> willDue(session, will));
    }
  }

  private void expireAfter(ClientSession session, long seconds, int lease) {
    if (seconds != SessionRequest.NEVER_EXPIRES) {
      session.expiry = timer.after(seconds(seconds), () -> expire(session, lease));
    }
  }

  private void willDue(ClientSession session, PendingWill will) {
    synchronized (this) {
      if (session.will != will) {
        return;
      }
      session.will = null;
    }
    wills.publish(session, will.will);
  }

  private void expire(ClientSession session, int lease) {
    List<Runnable> told = new ArrayList<>();
    synchronized (this) {
      if (session.lease != lease || session.connection != null) {
        return;
      }
      end(session, told);
    }
    tell(told);
  }

  /** A session is over: memory forgets it at once, the store as soon as it can. */
  private void end(ClientSession session, List<Runnable> told) {
    session.lease++;
    session.realm.sessions.remove(session.clientId, session);
    count--;
    cancel(session.expiry);
    PendingWill will = session.will;
    if (will != null) {
      cancel(will.due);
      session.will = null;
      told.add(() -> wills.publish(session, will.will));
    }
    var filters = session.subscriptions.end();
    session.outbox.close();
    if (session.durable()) {
      delete(deletions.add(session, filters));
    }
  }

  private void delete(Deletions.Deletion deletion) {
    ledger.commit(deletion::addTo).thenAccept(done -> settle(deletion, done));
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

  /** Takes a session that the store holds and gives it this time to come back. */
  synchronized void adopt(ClientSession session, long expirySeconds, long remainingSeconds) {
    session.expirySeconds = expirySeconds;
    register(session);
    expireAfter(session, remainingSeconds, ++session.lease);
  }

  /** Ends all connections; completes when what is kept is stored. */
  CompletionStage<?> shutdown() {
    List<Runnable> told = new ArrayList<>();
    List<ClientSession> kept = new ArrayList<>();
    synchronized (this) {
      closed = true;
      for (Realm realm : realms.all()) {
        for (ClientSession session : realm.sessions.values()) {
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
        batch ->
            kept.forEach(session -> SessionRows.put(batch, session, session.expirySeconds, now)));
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
        log.error("event=session_callback_failed", e);
      }
    }
  }
}
