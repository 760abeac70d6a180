package dev.gatehouse.api.rules.action;

import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ConsumerType;

/** An action of one rule. Several messages may be under way at once. */
@ConsumerType
public interface RuleAction extends AutoCloseable {

  /**
   * Acts on one message; called on a thread of the engine, which may wait a moment but not for
   * long. The engine owns time-out, retry, error action and metrics.
   *
   * @return completes when the target has taken it; exceptionally with {@link ActionFailure}
   */
  CompletionStage<Void> execute(ActionInput input);

  /** The rule changed or went. */
  @Override
  void close();
}
