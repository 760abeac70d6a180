package dev.gatehouse.shell;

import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.identity.DefaultAccount;
import dev.gatehouse.api.shadow.ShadowName;
import dev.gatehouse.api.shadow.ShadowResult;
import dev.gatehouse.api.shadow.ShadowService;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import org.osgi.framework.BundleContext;

/** What the commands on shadows share: they act for the gateway's own account. */
final class ShadowCalls {
  private static final long SECONDS = 30;

  private final ShadowService shadows;
  private final Account account;

  private ShadowCalls(ShadowService shadows, Account account) {
    this.shadows = shadows;
    this.account = account;
  }

  static ShadowCalls of(BundleContext context) {
    return new ShadowCalls(
        Services.one(context, ShadowService.class)
            .orElseThrow(() -> new IllegalStateException("the shadow service is not running")),
        Services.one(context, DefaultAccount.class)
            .orElseThrow(() -> new IllegalStateException("the identity service is not running"))
            .account());
  }

  ShadowService shadows() {
    return shadows;
  }

  Account account() {
    return account;
  }

  /**
   * Asks, and prints the answer.
   *
   * @throws IllegalStateException with the code and text of a rejection
   */
  String answer(
      String thing,
      String shadow,
      BiFunction<ShadowService, ShadowName, CompletionStage<ShadowResult>> call)
      throws InterruptedException, TimeoutException {
    try {
      ShadowResult result =
          call.apply(shadows, new ShadowName(account, thing, shadow))
              .toCompletableFuture()
              .get(SECONDS, TimeUnit.SECONDS);
      if (result instanceof ShadowResult.Rejected rejected) {
        throw new IllegalStateException(rejected.code() + " " + rejected.message());
      }
      return new String(((ShadowResult.Accepted) result).document(), StandardCharsets.UTF_8);
    } catch (ExecutionException e) {
      throw new IllegalStateException("failed: " + e.getCause(), e.getCause());
    }
  }
}
