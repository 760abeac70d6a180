package dev.gatehouse.api.session;

import dev.gatehouse.api.message.QoS;
import dev.gatehouse.api.message.TopicFilter;

/**
 * One filter of a SUBSCRIBE (MQTT 5.0, 3.8.3.1).
 *
 * @param subscriptionId MQTT 5's subscription identifier, 0 for none
 */
public record SubscriptionRequest(
    TopicFilter filter,
    QoS maximumQos,
    boolean noLocal,
    boolean retainAsPublished,
    RetainHandling retainHandling,
    int subscriptionId) {

  /** When retained messages are sent; the ordinal is the number on the wire. */
  public enum RetainHandling {
    SEND_ON_SUBSCRIBE,
    SEND_IF_NEW,
    DO_NOT_SEND
  }
}
