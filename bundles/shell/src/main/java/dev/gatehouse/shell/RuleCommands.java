package dev.gatehouse.shell;

import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.identity.DefaultAccount;
import dev.gatehouse.api.rules.Rules;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.osgi.framework.BundleContext;

/** What the commands about rules share: the rules engine, and the account that they are about. */
final class RuleCommands {
  private static final int SECONDS = 30;

  private RuleCommands() {}

  static Rules rules(BundleContext context) {
    return Services.one(context, Rules.class)
        .orElseThrow(() -> new IllegalStateException("the rules engine is not running"));
  }

  static Account account(BundleContext context) {
    return Services.one(context, DefaultAccount.class)
        .orElseThrow(() -> new IllegalStateException("identity is not running"))
        .account();
  }

  /** Waits for a change of a rule; what went wrong is for the reader of the console. */
  static void await(CompletionStage<Void> change) throws InterruptedException {
    try {
      change.toCompletableFuture().get(SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof ServiceException refused) {
        throw refused;
      }
      throw new IllegalStateException("not done: " + e.getCause(), e);
    } catch (TimeoutException e) {
      throw new IllegalStateException("not done within " + SECONDS + " s", e);
    }
  }
}
