package dev.gatehouse.rules;

import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.rules.action.ActionContext;
import dev.gatehouse.api.rules.action.ActionSettings;
import dev.gatehouse.api.rules.action.RuleActionType;
import dev.gatehouse.api.rules.function.FunctionSet;
import dev.gatehouse.api.rules.function.FunctionSignature;
import dev.gatehouse.rules.delivery.RoleRights;
import dev.gatehouse.rules.sql.EvaluationException;
import dev.gatehouse.rules.sql.ExternalFunctions;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The action types, function sets and roles that are here now; of two types or sets of a name the
 * first counts.
 */
final class Whiteboard {
  private static final long CALL_MILLIS = 2_000;

  final List<RuleActionType> actionTypes = new CopyOnWriteArrayList<>();
  final List<FunctionSet> functionSets = new CopyOnWriteArrayList<>();
  final RoleRights roleRights = new RoleRights();
  private final Clock clock;

  Whiteboard(Clock clock) {
    this.clock = clock;
  }

  /** What an action of a rule is given at its start. */
  ActionContext context(RuleKey key, ActionSettings settings) {
    return new Context(key.account(), key.name(), settings, clock);
  }

  private record Context(Account account, String ruleName, ActionSettings settings, Clock clock)
      implements ActionContext {}

  Optional<RuleActionType> actionType(String name) {
    return actionTypes.stream().filter(type -> type.name().equals(name)).findFirst();
  }

  private Optional<FunctionSet> functionSet(String name) {
    return functionSets.stream().filter(set -> signature(set, name).isPresent()).findFirst();
  }

  private static Optional<FunctionSignature> signature(FunctionSet set, String name) {
    return set.functions().stream().filter(function -> function.name().equals(name)).findFirst();
  }

  ExternalFunctions functions(Account account) {
    return new ExternalFunctions() {
      @Override
      public Optional<FunctionSignature> find(String name) {
        return functionSet(name).flatMap(set -> signature(set, name));
      }

      @Override
      public byte @Nullable [] call(String name, List<byte @Nullable []> arguments) {
        FunctionSet set =
            functionSet(name)
                .orElseThrow(() -> new EvaluationException("function " + name + " is not here"));
        return await(set, name, arguments);
      }

      @SuppressWarnings("NullAway") // it loses the nullness of array elements in class files
      private byte @Nullable [] await(
          FunctionSet set, String name, List<byte @Nullable []> arguments) {
        try {
          return set.call(account, name, arguments)
              .toCompletableFuture()
              .get(CALL_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new EvaluationException("function " + name + " was interrupted");
        } catch (ExecutionException e) {
          throw new EvaluationException("function " + name + " failed: " + e.getCause());
        } catch (TimeoutException e) {
          throw new EvaluationException(
              "function " + name + " took longer than " + CALL_MILLIS + " ms");
        }
      }
    };
  }
}
