package dev.gatehouse.rules;

import dev.gatehouse.api.message.Mailbox;
import dev.gatehouse.api.message.MessageBus;
import dev.gatehouse.api.message.TopicFilter;
import java.util.concurrent.CompletionStage;

/**
 * Where messages come in for one rule. A change of the rule that leaves its FROM as it is takes it
 * over, so that neither a message of that moment nor one that waits is missed or seen twice.
 */
final class Inbox {
  private final TopicFilter filter;
  private final MessageBus.Subscription subscription;
  private volatile LiveRule rule;

  /** Begins to receive. */
  Inbox(MessageBus bus, RuleKey key, TopicFilter filter, int capacity, LiveRule rule) {
    this.filter = filter;
    this.rule = rule;
    Mailbox mailbox = new Mailbox("rules-" + key.name(), capacity, Mailbox.Overflow.REFUSE, true);
    this.subscription =
        bus.subscribe(key.account(), filter, mailbox, message -> this.rule.onMessage(message));
  }

  boolean receives(TopicFilter wanted) {
    return filter.equals(wanted);
  }

  /** From the next message on another rule is handed them. */
  void handTo(LiveRule next) {
    rule = next;
  }

  /** Ends it; completes when what waits has been handed over. */
  CompletionStage<Void> drain() {
    return subscription.drain();
  }

  /** Ends it; what waits goes. */
  void close() {
    subscription.close();
  }
}
