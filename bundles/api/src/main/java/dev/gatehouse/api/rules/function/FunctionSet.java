package dev.gatehouse.api.rules.function;

import dev.gatehouse.api.identity.Account;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Whiteboard: SQL functions of a domain, such as {@code get_thing_shadow}. A rule that uses a
 * function which is not here is refused at creation.
 */
@ConsumerType
public interface FunctionSet {

  /** Lower-case names. */
  Set<String> names();

  /**
   * Evaluates a function.
   *
   * @param arguments UTF-8 JSON of each argument; null where it is Undefined
   * @return completes with UTF-8 JSON, or null for Undefined; exceptionally to fail the rule
   */
  CompletionStage<byte @Nullable []> call(
      Account account, String name, List<byte @Nullable []> arguments);
}
