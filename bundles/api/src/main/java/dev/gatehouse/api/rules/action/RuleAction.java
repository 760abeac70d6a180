package dev.gatehouse.api.rules.action;

import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ConsumerType;

/** An action of one rule. Several messages may be under way at once. */
@ConsumerType
public interface RuleAction extends AutoCloseable {

  /**
   * Acts on one message; called on a thread of the engine, one call at a time for one rule, which
   * may wait but is interrupted at the time-out. The engine owns time-out, retry, error action and
   * metrics: what fails with a {@link ActionFailure#retryable} failure or in time is repeated from
   * a durable queue, also after a restart, so that a target may see a message twice.
   *
   * @return completes when the target has taken it; exceptionally with {@link ActionFailure}
   */
  CompletionStage<Void> execute(ActionInput input);

  /** The rule changed or went. */
  @Override
  void close();
}
