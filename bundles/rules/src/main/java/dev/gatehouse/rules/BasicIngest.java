package dev.gatehouse.rules;

import dev.gatehouse.api.message.Mailbox;
import dev.gatehouse.api.message.Message;
import dev.gatehouse.api.message.TopicFilter;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** {@code $aws/rules/NAME/…}: straight to one rule, past everybody else. */
final class BasicIngest {
  static final List<TopicFilter> FILTERS = List.of(new TopicFilter("$aws/rules/+/#"));
  private static final int NAME_FROM = "$aws/rules/".length();

  private final RuleEngine engine;
  private final Mailbox mailbox;

  BasicIngest(RuleEngine engine, int capacity) {
    this.engine = engine;
    this.mailbox = new Mailbox("rules-ingest", capacity, Mailbox.Overflow.REFUSE, true);
  }

  Mailbox mailbox() {
    return mailbox;
  }

  CompletionStage<Void> onMessage(Message message) {
    String topic = message.topic().value();
    int slash = topic.indexOf('/', NAME_FROM);
    if (slash < 0) {
      return CompletableFuture.completedFuture(null); // names a rule and no topic for it
    }
    return engine.ingest(
        new RuleKey(message.account(), topic.substring(NAME_FROM, slash)), message);
  }
}
