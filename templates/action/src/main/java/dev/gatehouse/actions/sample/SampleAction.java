package dev.gatehouse.actions.sample;

import dev.gatehouse.api.rules.action.ActionFailure;
import dev.gatehouse.api.rules.action.ActionInput;
import dev.gatehouse.api.rules.action.RuleAction;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Gives what a rule selected to the target. */
final class SampleAction implements RuleAction {

  @Override
  public CompletionStage<Void> execute(ActionInput input) {
    String target = input.settings().require("target");
    return CompletableFuture.failedFuture(
        new ActionFailure(target, "SampleAction.execute is not written yet", false, null));
  }

  @Override
  public void close() {
    // It holds nothing.
  }
}
