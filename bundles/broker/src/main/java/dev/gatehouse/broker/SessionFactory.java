package dev.gatehouse.broker;

import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.api.store.Queue;
import dev.gatehouse.api.store.Store;
import java.util.UUID;

/** Makes sessions with their outboxes. */
final class SessionFactory {
  private static final long NOTHING = -1;

  private final Store store;
  private final OutboxServices services;
  private final Trims trims;
  private final Ledger ledger;

  SessionFactory(Store store, Trims trims, Ledger ledger, OutboxServices services) {
    this.store = store;
    this.services = services;
    this.trims = trims;
    this.ledger = ledger;
  }

  ClientSession clean(Realm realm, String clientId, Principal owner) {
    Outbox outbox = new Outbox(services, new Backlog(services), null);
    return new ClientSession(realm, clientId, owner, null, outbox);
  }

  /** A new persistent session: what the store has in its queue is of one before it, and goes. */
  ClientSession persistent(Realm realm, String clientId, Principal owner) {
    return persistent(realm, clientId, owner, UUID.randomUUID(), NOTHING);
  }

  /**
   * A persistent session with the queue that the store has, if any.
   *
   * @param sentUpTo number of the last entry that was perhaps sent before a restart
   */
  ClientSession persistent(Realm realm, String clientId, Principal owner, UUID id, long sentUpTo) {
    String name = Keys.queue(realm.account, clientId);
    Queue queue = store.queue(name);
    Backlog backlog = new Backlog(services);
    boolean empty = sentUpTo == NOTHING;
    StoredQueue stored =
        new StoredQueue(
            name,
            new Marks(ledger, realm.account, clientId),
            trims,
            new QueueRoom(services.settings(), queue, empty),
            new Pages(queue, backlog, services, empty ? 0 : sentUpTo, empty));
    Outbox outbox = new Outbox(services, backlog, stored);
    return new ClientSession(realm, clientId, owner, id, outbox);
  }
}
