package dev.gatehouse.actions.sample;

import dev.gatehouse.api.identity.Arn;
import dev.gatehouse.api.rules.action.ActionFailure;
import dev.gatehouse.api.rules.action.ActionInput;
import dev.gatehouse.api.rules.action.ActionSettings;
import dev.gatehouse.api.rules.action.ActionTarget;
import dev.gatehouse.api.rules.action.RequiredRight;
import dev.gatehouse.api.rules.action.RuleAction;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Gives the selected payload to the target. */
final class SampleAction implements RuleAction {

  @Override
  public ActionTarget target(ActionSettings settings) {
    String name = settings.require("target");
    return new ActionTarget(
        name, List.of(new RequiredRight("sample:Put", new Arn("aws", "sample", "", "", name))));
  }

  @Override
  public CompletionStage<Void> execute(ActionInput input) {
    return CompletableFuture.failedFuture(
        new ActionFailure(
            "%s got nothing: SampleAction.execute is not written yet"
                .formatted(input.target().name()),
            false,
            null));
  }
}
