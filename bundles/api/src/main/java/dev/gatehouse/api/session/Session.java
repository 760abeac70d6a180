package dev.gatehouse.api.session;

import dev.gatehouse.api.message.Message;
import dev.gatehouse.api.message.PublishOutcome;
import dev.gatehouse.api.message.TopicFilter;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/**
 * One connected session, as its edge sees it. Methods never block and may be called on any thread,
 * calls of one connection one after the other. After {@link #close} or a take-over they have no
 * effect.
 */
@ProviderType
public interface Session {

  /** Begins delivery: messages in flight first, with DUP, then the queue. Call after CONNACK. */
  void start();

  /**
   * Subscribes. The requests are valid and authorised.
   *
   * @return completes when durable with what was granted, in order; retained messages follow after
   *     the stage's synchronous dependents have run, so that SUBACK goes first
   */
  CompletionStage<List<SubscribeResult>> subscribe(List<SubscriptionRequest> requests);

  /** Unsubscribes; completes when durable, with true for each filter that was subscribed. */
  CompletionStage<List<Boolean>> unsubscribe(List<TopicFilter> filters);

  /** Publishes as this session, which no-local subscriptions of its own do not get. */
  CompletionStage<PublishOutcome> publish(Message message);

  /**
   * The client's PUBACK: frees the packet id and a place in the window; unknown ids are ignored.
   */
  void acknowledge(int packetId);

  /** The connection can take more after it said {@link SessionSink.Delivery#BUSY}. */
  void resume();

  /**
   * The connection is over.
   *
   * @param end why: decides on the will, and is told in the lifecycle event
   * @param expirySeconds the client's new session expiry (MQTT 5 DISCONNECT), -1 for none
   */
  void close(SessionEnd end, long expirySeconds);
}
