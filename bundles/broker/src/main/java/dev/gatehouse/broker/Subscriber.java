package dev.gatehouse.broker;

/** What stands in the topic trie: a session's subscription, or a part of the gateway. */
abstract sealed class Subscriber permits SessionSubscription, ShareGroup, MailboxSubscriber {
  static final Subscriber[] NONE = {};
}
