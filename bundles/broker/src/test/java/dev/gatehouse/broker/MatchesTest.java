package dev.gatehouse.broker;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.gatehouse.api.message.QoS;
import dev.gatehouse.api.message.TopicFilter;
import dev.gatehouse.api.session.SubscriptionRequest;
import dev.gatehouse.api.session.SubscriptionRequest.RetainHandling;
import java.lang.management.ManagementFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MatchesTest {
  private static final int SUBSCRIPTIONS = 10_000;

  private static final @Nullable ClientSession SESSION = null; // one and the same for all

  private static SessionSubscription subscription(int id, QoS qos) {
    TopicFilter filter = new TopicFilter("a/" + id);
    return SessionSubscription.of(
        SESSION,
        filter,
        new SubscriptionRequest(filter, qos, false, false, RetainHandling.SEND_ON_SUBSCRIBE, id),
        qos);
  }

  @Test
  void thousandsOfOverlappingSubscriptionsAllocateInProportionToTheirNumber() {
    Matches matches = new Matches();
    for (int id = 1; id <= SUBSCRIPTIONS; id++) {
      matches.add(subscription(id, id == 7 ? QoS.AT_LEAST_ONCE : QoS.AT_MOST_ONCE));
    }
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();

    Subscriber[] merged = matches.subscribers();

    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(500L * SUBSCRIPTIONS);
    assertThat(merged).hasSize(1);
    SessionSubscription one = (SessionSubscription) merged[0];
    assertThat(one.ids).hasSize(SUBSCRIPTIONS).startsWith(1, 2, 3);
    assertThat(one.qos).isEqualTo(QoS.AT_LEAST_ONCE);
  }
}
