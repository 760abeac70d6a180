package dev.gatehouse.api.message;

import dev.gatehouse.api.identity.Account;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/** The one bus of the gateway. It trusts its callers: they have authorised what they publish. */
@ProviderType
public interface MessageBus {

  /**
   * Hands a message to all that subscribed. Never blocks, safe on event loops. Messages of one
   * thread to one topic arrive in the order of the calls.
   *
   * @return completes, already or later and on any thread, when the hand-off is done and durable
   *     where somebody durable needs it; never exceptionally
   */
  CompletionStage<PublishOutcome> publish(Message message);

  /** Subscribes a part of the gateway until the subscription is closed. */
  Subscription subscribe(
      Account account, TopicFilter filter, Mailbox mailbox, MessageHandler handler);

  /** An internal subscription. */
  interface Subscription extends AutoCloseable {
    /** Ends it; when this returns no further call of the handler begins. */
    @Override
    void close();

    /**
     * Ends it without losing what waits in its mailbox, for somebody whose place another takes: no
     * message that is published from now on comes, those that wait still do.
     *
     * @return completes when the last of them has been handed over
     */
    default CompletionStage<Void> drain() {
      close();
      return CompletableFuture.completedStage(null);
    }
  }
}
