package dev.gatehouse.broker;

import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.api.store.Store;
import java.time.Clock;
import java.util.UUID;

/** Makes sessions with their outboxes. */
final class SessionFactory {
  private final Store store;
  private final BrokerSettings settings;
  private final Counters counters;
  private final Clock clock;
  private final Trims trims;

  SessionFactory(
      Store store, BrokerSettings settings, Counters counters, Clock clock, Trims trims) {
    this.store = store;
    this.settings = settings;
    this.counters = counters;
    this.clock = clock;
    this.trims = trims;
  }

  ClientSession clean(Realm realm, String clientId, Principal owner) {
    String name = Keys.queue(realm.account, clientId);
    Outbox outbox = new Outbox(name, null, settings, counters, clock, trims::mark, 0);
    return new ClientSession(realm, clientId, owner, UUID.randomUUID(), false, outbox);
  }

  /** A persistent session with the queue that the store has, if any. */
  ClientSession persistent(Realm realm, String clientId, Principal owner, UUID id, long sentUpTo) {
    String name = Keys.queue(realm.account, clientId);
    Outbox outbox =
        new Outbox(name, store.queue(name), settings, counters, clock, trims::mark, sentUpTo);
    return new ClientSession(realm, clientId, owner, id, true, outbox);
  }
}
