package dev.gatehouse.broker;

import dev.gatehouse.api.message.TopicFilter;
import dev.gatehouse.api.session.SessionRequest;
import dev.gatehouse.api.store.Store;
import dev.gatehouse.api.store.Table;
import dev.gatehouse.api.store.Table.Row;
import dev.gatehouse.api.telemetry.LogText;
import dev.gatehouse.api.time.PassedTime;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads at the start what the store holds: sessions, subscriptions, retained messages. */
final class Recovery {
  private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);
  private static final int PAGE = 500;

  private final Store store;
  private final Realms realms;
  private final SessionFactory factory;
  private final SessionDirectory directory;
  private final Supplier<BrokerSettings> settings;
  private final PassedTime passed;
  private final Map<ClientSession, Long> remaining = new HashMap<>(); // seconds, as of now
  private long lastNumber;

  Recovery(
      Store store,
      Realms realms,
      SessionFactory factory,
      SessionDirectory directory,
      Supplier<BrokerSettings> settings,
      Clock clock) {
    this.store = store;
    this.realms = realms;
    this.factory = factory;
    this.directory = directory;
    this.settings = settings;
    this.passed = PassedTime.of(clock);
  }

  /** Returns the greatest number of all queues. */
  long run() {
    each(Keys.SESSIONS, this::session);
    each(Keys.SUBSCRIPTIONS, this::subscription);
    each(Keys.FEEDS, this::feed);
    each(Keys.RECEIVED, this::received);
    each(Keys.UNDER_WAY, this::underWay);
    each(
        Keys.RETAINED,
        row -> {
          var message = MessageRow.read(row.value());
          realms.of(message.account()).retained.restore(message);
        });
    // not before all rows of a session are known, which go with it
    expire();
    each(Keys.WILLS, this::will);
    return lastNumber;
  }

  private void expire() {
    remaining.forEach(directory::expireAfter);
    remaining.clear();
  }

  /** Reads one session again, unless its client id has another by now. */
  void reload(Realm realm, String clientId) {
    byte[] key = Keys.of(realm.account, clientId);
    byte[] session = store.table(Keys.SESSIONS).get(key).orElse(null);
    if (session == null) {
      return;
    }
    List<Row> subscriptions = rowsOf(realm, clientId, Keys.SUBSCRIPTIONS);
    List<Row> feeds = rowsOf(realm, clientId, Keys.FEEDS);
    List<Row> received = rowsOf(realm, clientId, Keys.RECEIVED);
    List<Row> underWay = rowsOf(realm, clientId, Keys.UNDER_WAY);
    directory.ifAbsent(
        realm,
        clientId,
        () -> {
          taken(Keys.SESSIONS, new Row(key, session), this::session);
          subscriptions.forEach(row -> taken(Keys.SUBSCRIPTIONS, row, this::subscription));
          feeds.forEach(row -> taken(Keys.FEEDS, row, this::feed));
          received.forEach(row -> taken(Keys.RECEIVED, row, this::received));
          underWay.forEach(row -> taken(Keys.UNDER_WAY, row, this::underWay));
          expire();
        });
  }

  private List<Row> rowsOf(Realm realm, String clientId, String table) {
    return store
        .table(table)
        .range(
            Keys.of(realm.account, clientId, ""),
            Keys.of(realm.account, clientId + "\1"),
            Integer.MAX_VALUE,
            Table.Order.ASCENDING);
  }

  private void session(Row row) {
    String[] key = parts(row, 2);
    SessionRows.Row stored = SessionRows.read(row.value());
    Realm realm = realms.of(Keys.account(key[0]));
    boolean wasConnected = stored.disconnectedMillis() < 0;
    long last = Math.max(0, store.queue(Keys.queue(realm.account, key[1])).last());
    lastNumber = Math.max(lastNumber, last);
    ClientSession session =
        factory.persistent(
            realm, key[1], stored.owner(), stored.id(), wasConnected ? last : stored.sentUpTo());
    directory.adopt(session, stored.expirySeconds());
    remaining.put(session, remainingSeconds(stored));
  }

  /** A clock that leapt while the gateway was off must not end sessions: there is a grace. */
  private long remainingSeconds(SessionRows.Row stored) {
    long expiry = stored.expirySeconds();
    if (expiry == SessionRequest.NEVER_EXPIRES || stored.disconnectedMillis() < 0) {
      return expiry;
    }
    long away = passed.sinceMillis(stored.disconnectedMillis()) / 1000;
    return Math.min(expiry, Math.max(settings.get().grace().toSeconds(), expiry - away));
  }

  private @Nullable ClientSession sessionOf(String[] key) {
    return realms.of(Keys.account(key[0])).sessions.get(key[1]);
  }

  private void received(Row row) {
    String[] key = parts(row, 3);
    ClientSession session = sessionOf(key);
    if (session != null) {
      session.received().restore(packetId(key[2]));
    }
  }

  private void underWay(Row row) {
    String[] key = parts(row, 3);
    ClientSession session = sessionOf(key);
    if (session != null) {
      session.outbox.restore(Long.parseLong(key[2]), Marks.read(row.value()));
    }
  }

  private void will(Row row) {
    String[] key = parts(row, 3);
    directory.adopt(
        realms.of(Keys.account(key[0])), key[1], SessionWill.read(row.key(), row.value()));
  }

  private static int packetId(String text) {
    int packetId = Integer.parseInt(text);
    if (packetId < 1 || packetId > InFlight.MOST) {
      throw new IllegalArgumentException("packet id " + packetId);
    }
    return packetId;
  }

  private void subscription(Row row) {
    String[] key = parts(row, 3);
    ClientSession session = sessionOf(key);
    if (session != null) {
      TopicFilter filter = new TopicFilter(key[2]);
      session.subscriptions.restore(
          SessionRows.readSubscription(session, filter, row.value()), filter);
    }
  }

  private void feed(Row row) {
    String[] key = parts(row, 3);
    ClientSession session = sessionOf(key);
    if (session != null) {
      // what was retained after the subscription was made comes again: that is not told apart here
      long revision = session.realm.retained.revision();
      session.feeds().add(RetainedFeed.read(new TopicFilter(key[2]), revision, row.value()));
    }
  }

  private void each(String table, Consumer<Row> action) {
    store.table(table).forEach(PAGE, row -> taken(table, row, action));
  }

  private static void taken(String table, Row row, Consumer<Row> action) {
    try {
      action.accept(row);
    } catch (RowReader.BadRowException | IllegalArgumentException e) {
      LOG.error("event=row-skipped table={} reason=\"{}\"", table, LogText.printable(e));
    }
  }

  private static String[] parts(Row row, int count) {
    String[] parts = Keys.parts(row.key());
    if (parts.length != count) {
      throw new IllegalArgumentException("key has " + parts.length + " parts, not " + count);
    }
    return parts;
  }
}
