package dev.gatehouse.api.rules;

import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.message.Payload;
import dev.gatehouse.api.message.TopicName;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/** The rules of an account, and a dry run of a statement. Its callers are trusted. */
@ProviderType
public interface Rules {

  /** All rules of an account, by name. */
  List<Summary> list(Account account);

  /** What {@code GetTopicRule} answers, as JSON; empty if there is no such rule. */
  Optional<String> describe(Account account, String name);

  /**
   * Enables or disables a rule.
   *
   * @return completes when that is durable and in effect; exceptionally with a {@link
   *     dev.gatehouse.api.error.ServiceException} if there is no such rule
   */
  CompletionStage<Void> enable(Account account, String name, boolean enabled);

  /**
   * Evaluates a statement for a message that is not there: no action runs. Functions of other
   * domains are called, and may take a moment.
   *
   * @param sqlVersion such as {@code 2016-03-23}
   * @throws dev.gatehouse.api.error.ServiceException INVALID_REQUEST for an unknown version,
   *     SQL_PARSE with line and column if the text is no statement
   */
  Trial test(Account account, String sql, String sqlVersion, TopicName topic, Payload payload);

  /**
   * One rule.
   *
   * @param topicPattern what FROM says, empty without one
   * @param problem why it does not do all it should, empty if it does
   * @param matched messages since the gateway started
   * @param waiting messages that wait for its actions' targets
   */
  record Summary(
      String name,
      boolean enabled,
      String topicPattern,
      String problem,
      long matched,
      long waiting) {}

  /**
   * What a dry run showed.
   *
   * @param steps in the order of evaluation, up to the one that ended it
   * @param result what the actions would get; empty if they would not run
   */
  record Trial(List<Step> steps, Optional<Payload> result) {

    /** Copies the list. */
    public Trial {
      steps = List.copyOf(steps);
    }
  }

  /**
   * One part of a statement.
   *
   * @param clause such as {@code WHERE}
   * @param passed whether it let the message go on
   * @param detail what was compared, and what came out
   */
  record Step(String clause, boolean passed, String detail) {}
}
