package dev.gatehouse.broker;

import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.api.store.Store;
import java.time.Clock;
import java.util.UUID;
import java.util.function.Supplier;

/** Makes sessions with their outboxes. */
final class SessionFactory {
  private final Store store;
  private final Supplier<BrokerSettings> settings;
  private final Counters counters;
  private final Lifetime lifetime;
  private final Trims trims;
  private final Ledger ledger;

  SessionFactory(
      Store store,
      Supplier<BrokerSettings> settings,
      Counters counters,
      Clock clock,
      Trims trims,
      Ledger ledger) {
    this.store = store;
    this.settings = settings;
    this.counters = counters;
    this.lifetime = new Lifetime(settings, clock);
    this.trims = trims;
    this.ledger = ledger;
  }

  ClientSession clean(Realm realm, String clientId, Principal owner) {
    Outbox outbox = outbox(realm, clientId, false, 0);
    return new ClientSession(realm, clientId, owner, UUID.randomUUID(), false, outbox);
  }

  /** A persistent session with the queue that the store has, if any. */
  ClientSession persistent(Realm realm, String clientId, Principal owner, UUID id, long sentUpTo) {
    Outbox outbox = outbox(realm, clientId, true, sentUpTo);
    return new ClientSession(realm, clientId, owner, id, true, outbox);
  }

  private Outbox outbox(Realm realm, String clientId, boolean durable, long sentUpTo) {
    String name = durable ? Keys.queue(realm.account, clientId) : "";
    Marks marks = new Marks(ledger, realm.account, clientId);
    return new Outbox(
        name,
        durable ? store.queue(name) : null,
        settings,
        counters,
        lifetime,
        trims,
        marks,
        sentUpTo);
  }
}
