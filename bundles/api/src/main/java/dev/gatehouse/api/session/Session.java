package dev.gatehouse.api.session;

import dev.gatehouse.api.message.Message;
import dev.gatehouse.api.message.PublishOutcome;
import dev.gatehouse.api.message.TopicFilter;
import java.util.List;
import java.util.concurrent.CompletableFuture;
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
   * @param answer completed when durable with what was granted, in order; retained messages follow
   *     after the synchronous dependents that it has at the call, so that SUBACK goes first
   */
  void subscribe(
      List<SubscriptionRequest> requests, CompletableFuture<List<SubscribeResult>> answer);

  /** Unsubscribes; completes when durable, with true for each filter that was subscribed. */
  CompletionStage<List<Boolean>> unsubscribe(List<TopicFilter> filters);

  /** Publishes as this session, which no-local subscriptions of its own do not get. */
  CompletionStage<PublishOutcome> publish(Message message);

  /**
   * Publishes a QoS 2 message: as {@link #publish(Message)}, but a packet id that was received and
   * is not released yet is not published again (MQTT 5.0, 4.3.3). The id is kept if the outcome is
   * a success, as durably as the session.
   *
   * @param packetId 1 to 65,535
   */
  CompletionStage<PublishOutcome> publish(Message message, int packetId);

  /**
   * The client's PUBREL: the packet id of {@link #publish(Message, int)} is free again.
   *
   * @return completes when durable, with false if the id was unknown; exceptionally if it cannot be
   *     stored now, and then the id stays
   */
  CompletionStage<Boolean> release(int packetId);

  /**
   * The client's PUBACK: frees the packet id and a place in the window; unknown ids are ignored.
   */
  void acknowledge(int packetId);

  /**
   * The client's PUBREC for a QoS 2 message: {@link SessionSink#release} follows when that is
   * durable, or the message is done with if the client did not accept it.
   *
   * @param accepted whether the reason code is below 0x80
   * @return false if no QoS 2 message with this packet id is under way
   */
  boolean received(int packetId, boolean accepted);

  /** The client's PUBCOMP: as {@link #acknowledge}, for QoS 2. */
  void complete(int packetId);

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
