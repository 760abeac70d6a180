package dev.gatehouse.broker;

import dev.gatehouse.api.message.TopicFilter;
import dev.gatehouse.api.store.Batch;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Ended sessions that the store may still hold, by the name of their queue: they are deleted before
 * a new session takes their place, and tried again while the store fails. Guarded by the directory.
 */
final class Deletions {
  private static final CompletionStage<Boolean> PREPARED = CompletableFuture.completedFuture(true);

  private final Map<String, Deletion> pending = new HashMap<>();

  /** What to delete of one client id. Compared by identity. */
  static final class Deletion {
    final ClientSession session;
    private final List<TopicFilter> filters;
    private final @Nullable SessionWill discarded;
    private final @Nullable Handover handover;
    private final boolean revocable;

    private Deletion(
        ClientSession session,
        List<TopicFilter> filters,
        @Nullable SessionWill discarded,
        @Nullable Handover handover,
        boolean revocable) {
      this.session = session;
      this.filters = filters;
      this.discarded = discarded;
      this.handover = handover;
      this.revocable = revocable;
    }

    /** Whether it depends on the new session that takes the place of this one. */
    boolean revocable() {
      return revocable;
    }

    /** What comes before it; completes with false if the store failed. */
    CompletionStage<Boolean> prepare() {
      return handover == null ? PREPARED : handover.run();
    }

    void addTo(Batch batch) {
      SessionRows.delete(batch, session, filters);
      if (discarded != null) {
        discarded.delete(batch);
      }
    }
  }

  /**
   * Adds a session that ended. If an older one of the client id is here still, then this one never
   * became durable, and has nothing to delete.
   *
   * @param discarded the will of its last connection, unless it is to be published
   * @param handover of what it held of shared subscriptions, if it had any
   * @param revocable whether it is only to happen if a new session takes the place
   */
  Deletion add(
      ClientSession session,
      List<TopicFilter> filters,
      @Nullable SessionWill discarded,
      @Nullable Handover handover,
      boolean revocable) {
    return pending.computeIfAbsent(
        name(session), name -> new Deletion(session, filters, discarded, handover, revocable));
  }

  @Nullable Deletion of(ClientSession successor) {
    return pending.isEmpty() ? null : pending.get(name(successor));
  }

  private static String name(ClientSession session) {
    return Keys.queue(session.realm.account, session.clientId);
  }

  List<Deletion> all() {
    return List.copyOf(pending.values());
  }

  /** It is durable. */
  void done(Deletion deletion) {
    pending.remove(name(deletion.session), deletion);
  }
}
