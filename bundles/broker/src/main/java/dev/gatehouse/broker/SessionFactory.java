package dev.gatehouse.broker;

import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.api.store.Queue;
import dev.gatehouse.api.store.Store;
import java.time.Clock;
import java.util.UUID;
import java.util.function.Supplier;

/** Makes sessions with their outboxes. */
final class SessionFactory {
  private final Store store;
  private final OutboxServices services;
  private final Trims trims;
  private final Ledger ledger;

  SessionFactory(
      Store store,
      Trims trims,
      Ledger ledger,
      OutboxServices services) {
    this.store = store;
    this.services = services;
    this.trims = trims;
    this.ledger = ledger;
  }

  ClientSession clean(Realm realm, String clientId, Principal owner) {
    Outbox outbox = new Outbox(services, new Backlog(services), null);
    return new ClientSession(realm, clientId, owner, null, outbox);
  }

  /** A persistent session with the queue that the store has, if any. */
  ClientSession persistent(Realm realm, String clientId, Principal owner, UUID id, long sentUpTo) {
    String name = Keys.queue(realm.account, clientId);
    Queue queue = store.queue(name);
    Backlog backlog = new Backlog(services);
    StoredQueue stored =
        new StoredQueue(
            name,
            new Marks(ledger, realm.account, clientId),
            trims,
            new QueueRoom(services.settings(), queue),
            new Pages(queue, backlog, services, sentUpTo));
    Outbox outbox = new Outbox(services, backlog, stored);
    return new ClientSession(realm, clientId, owner, id, outbox);
  }
}
