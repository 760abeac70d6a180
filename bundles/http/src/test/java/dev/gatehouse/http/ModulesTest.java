package dev.gatehouse.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.api.http.ApiModule;
import dev.gatehouse.api.http.ApiOperation;
import dev.gatehouse.api.http.ApiResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ModulesTest {
  private record Module(String name, List<ApiOperation> operations) implements ApiModule {}

  private final ApiModule module = new Module("one", List.of());
  private final Modules modules = new Modules();

  @Test
  void removalWaitsForACallThatTimedOutForItsCaller() {
    modules.add(module);
    CompletableFuture<ApiResponse> call = new CompletableFuture<>();
    CompletableFuture<ApiResponse> caller =
        modules
            .during(module, () -> call)
            .toCompletableFuture()
            .copy()
            .orTimeout(1, TimeUnit.MILLISECONDS);
    assertThat(caller).failsWithin(Duration.ofSeconds(5));
    CompletableFuture<Void> removal = CompletableFuture.runAsync(() -> modules.remove(module));
    assertThat(removal).as("while the call is under way").isNotDone();
    call.complete(ApiResponse.empty());
    assertThat(removal).succeedsWithin(Duration.ofSeconds(2));
  }
}
