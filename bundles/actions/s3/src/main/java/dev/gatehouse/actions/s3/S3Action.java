package dev.gatehouse.actions.s3;

import dev.gatehouse.api.rules.action.ActionFailure;
import dev.gatehouse.api.rules.action.ActionInput;
import dev.gatehouse.api.rules.action.RuleAction;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** One rule's S3 action. */
final class S3Action implements RuleAction {
  private final ObjectWriter writer;

  S3Action(ObjectWriter writer) {
    this.writer = writer;
  }

  @Override
  public CompletionStage<Void> execute(ActionInput input) {
    String bucket = input.settings().require("bucketName");
    String key = input.settings().require("key");
    try {
      ObjectKey.of(key);
    } catch (IllegalArgumentException e) {
      return CompletableFuture.failedFuture(
          new ActionFailure(bucket, String.valueOf(e.getMessage()), false, e));
    }
    return writer.put(bucket, key, input.payload());
  }

  @Override
  public void close() {
    // The writer belongs to all rules.
  }
}
