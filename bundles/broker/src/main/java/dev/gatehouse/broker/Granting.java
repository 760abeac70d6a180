package dev.gatehouse.broker;

import dev.gatehouse.api.message.QoS;
import dev.gatehouse.api.session.SubscribeResult;
import dev.gatehouse.api.session.SubscriptionRequest;
import java.util.List;

/** What a subscription is granted. */
final class Granting {
  /** The highest QoS served. */
  static final QoS MAXIMUM = QoS.AT_LEAST_ONCE;

  private Granting() {}

  static SubscriptionRequest granted(SubscriptionRequest asked) {
    return new SubscriptionRequest(
        asked.filter(),
        asked.maximumQos().atMost(MAXIMUM),
        asked.noLocal(),
        asked.retainAsPublished(),
        asked.retainHandling(),
        asked.subscriptionId());
  }

  static SubscribeResult result(SubscriptionRequest request) {
    return SubscribeResult.values()[request.maximumQos().ordinal()];
  }

  static boolean sendsRetained(SubscriptionRequest request, boolean isNew) {
    return switch (request.retainHandling()) {
      case SEND_ON_SUBSCRIBE -> true;
      case SEND_IF_NEW -> isNew;
      case DO_NOT_SEND -> false;
    };
  }

  static List<SubscribeResult> failed(List<SubscribeResult> results) {
    return results.stream().map(result -> SubscribeResult.STORE_UNAVAILABLE).toList();
  }
}
