package dev.gatehouse.broker;

import dev.gatehouse.api.session.SubscriptionRequest;

/** What stands in the topic tree. */
sealed interface Subscriber {

  /** A session's subscription. */
  record OfSession(SessionState session, SubscriptionRequest request) implements Subscriber {}

  /** A part of the gateway. */
  record Internal(MailboxRunner mailbox) implements Subscriber {}
}
