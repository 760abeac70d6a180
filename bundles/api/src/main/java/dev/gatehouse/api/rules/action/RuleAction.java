package dev.gatehouse.api.rules.action;

import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ConsumerType;

/** An action of one rule. Several messages may be under way at once. */
@ConsumerType
public interface RuleAction extends AutoCloseable {

  /**
   * The target of one message. The engine asks whether the rule's role has the rights that the
   * target lists, before each attempt, and does not execute without them.
   *
   * @param settings with every template replaced
   * @throws IllegalArgumentException if they came out unfit: the action fails for good for this
   *     message, and the failure has the exception's message
   */
  ActionTarget target(ActionSettings settings);

  /**
   * Acts on one message; called on a thread of the engine, one call at a time for one rule. The
   * call may wait but is interrupted at the time-out. The engine owns time-out, retry, error action
   * and metrics: a message whose attempt fails with a {@link ActionFailure#retryable} failure or by
   * time-out is repeated from a durable queue, also after a restart, so that a target may see a
   * message twice.
   *
   * @return completes when the target has taken it; exceptionally with {@link ActionFailure}
   */
  CompletionStage<Void> execute(ActionInput input);

  /** The rule changed or went. */
  @Override
  default void close() {}
}
