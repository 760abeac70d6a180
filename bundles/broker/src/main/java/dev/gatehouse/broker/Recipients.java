package dev.gatehouse.broker;

import dev.gatehouse.api.message.QoS;
import dev.gatehouse.api.session.SubscriptionRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Who gets the messages of a topic. A session with several matching subscriptions stands once. */
record Recipients(long revision, List<Target> sessions, List<MailboxRunner> mailboxes) {

  /**
   * A session.
   *
   * @param qos the highest that a matching subscription was granted
   * @param noLocal whether every matching subscription leaves the session's own messages out
   */
  record Target(
      SessionState session,
      QoS qos,
      boolean noLocal,
      boolean retainAsPublished,
      List<Integer> subscriptionIds) {

    private Target with(SubscriptionRequest request) {
      List<Integer> ids = new ArrayList<>(subscriptionIds);
      if (request.subscriptionId() > 0) {
        ids.add(request.subscriptionId());
      }
      return new Target(
          session,
          qos.compareTo(request.maximumQos()) >= 0 ? qos : request.maximumQos(),
          noLocal && request.noLocal(),
          retainAsPublished || request.retainAsPublished(),
          List.copyOf(ids));
    }
  }

  static Recipients of(long revision, List<Subscriber> subscribers) {
    Map<SessionState, Target> sessions = new LinkedHashMap<>();
    List<MailboxRunner> mailboxes = new ArrayList<>();
    for (Subscriber subscriber : subscribers) {
      if (subscriber instanceof Subscriber.Internal internal) {
        mailboxes.add(internal.mailbox());
      } else if (subscriber instanceof Subscriber.OfSession one) {
        Target target =
            sessions.getOrDefault(
                one.session(), new Target(one.session(), QoS.AT_MOST_ONCE, true, false, List.of()));
        sessions.put(one.session(), target.with(one.request()));
      }
    }
    return new Recipients(revision, List.copyOf(sessions.values()), List.copyOf(mailboxes));
  }

  boolean nobody() {
    return sessions.isEmpty() && mailboxes.isEmpty();
  }
}
