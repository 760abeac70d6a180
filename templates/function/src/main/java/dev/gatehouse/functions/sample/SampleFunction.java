package dev.gatehouse.functions.sample;

import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.rules.function.FunctionSet;
import dev.gatehouse.api.rules.function.FunctionSignature;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Component;

/** {@code sample(value)}. */
@Component
public final class SampleFunction implements FunctionSet {

  @Override
  public List<FunctionSignature> functions() {
    return List.of(FunctionSignature.of("sample", 1, 1));
  }

  @Override
  @SuppressWarnings("NullAway") // it loses the nullness of array elements in class files
  public CompletionStage<byte @Nullable []> call(
      Account account, String name, List<byte @Nullable []> arguments) {
    return CompletableFuture.failedFuture(
        new UnsupportedOperationException("SampleFunction.call is not written yet"));
  }
}
