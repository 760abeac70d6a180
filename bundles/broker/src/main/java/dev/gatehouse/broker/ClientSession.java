package dev.gatehouse.broker;

import dev.gatehouse.api.identity.Principal;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The session of one client id, connected or kept. What changes is the directory's to change. */
final class ClientSession {
  private static final int CLEAN_BYTES = 600; // with its connection and its place in maps
  private static final int DURABLE_BYTES = 1_200; // with its queue

  final Realm realm;
  final String clientId;
  final Principal owner;
  final @Nullable UUID id; // of a persistent one
  final Outbox outbox;
  final Subscriptions subscriptions = new Subscriptions(this);
  private @Nullable Received received; // guarded by this
  private @Nullable Feeds feeds; // guarded by this

  // guarded by the directory
  long expirySeconds;
  @Nullable Connection connection;
  @Nullable SessionWill will; // of a connection that ended, while its delay runs
  Timer.@Nullable Task expiry;
  int lease; // a new one with every connection and every end of one

  ClientSession(Realm realm, String clientId, Principal owner, @Nullable UUID id, Outbox outbox) {
    this.realm = realm;
    this.clientId = clientId;
    this.owner = owner;
    this.id = id;
    this.outbox = outbox;
  }

  /** About the bytes of a session without its subscriptions and messages. */
  static long bytes(String clientId, boolean durable) {
    return durable
        ? DURABLE_BYTES + 4L * clientId.length() // it is in the queue's name too
        : CLEAN_BYTES + 2L * clientId.length();
  }

  long bytes() {
    return bytes(clientId, durable());
  }

  /** Takes the memory for a session that is there already, as the store holds it. */
  void takeMemory() {
    realm.memory.sessions.take(bytes());
  }

  /** The session ended. */
  void releaseMemory() {
    realm.memory.sessions.release(bytes());
    Received known;
    synchronized (this) {
      known = received;
    }
    if (known != null) {
      known.releaseMemory();
    }
  }

  /** Whether it outlives its connection and a restart. */
  boolean durable() {
    return id != null;
  }

  /** What its subscriptions are still to get of the retained messages; mostly nothing. */
  synchronized Feeds feeds() {
    Feeds known = feeds;
    if (known == null) {
      known = new Feeds();
      feeds = known;
    }
    return known;
  }

  synchronized boolean hasFeeds() {
    return feeds != null && !feeds.empty();
  }

  /** What its client published with QoS 2; most clients do not. */
  synchronized Received received() {
    Received known = received;
    if (known == null) {
      known = new Received(this);
      received = known;
    }
    return known;
  }
}
