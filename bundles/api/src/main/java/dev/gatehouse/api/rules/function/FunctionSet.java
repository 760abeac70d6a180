package dev.gatehouse.api.rules.function;

import dev.gatehouse.api.identity.Account;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Whiteboard: SQL functions of a domain. A rule that calls a function which no bundle provides is
 * refused at creation, with an error that names it. A name that the engine has itself may come with
 * another number of arguments: {@code decode(…, 'proto', …)} is a function of six arguments beside
 * the engine's {@code decode(…, 'base64')}.
 */
@ConsumerType
public interface FunctionSet {

  /** The functions, always the same ones. */
  List<FunctionSignature> functions();

  /**
   * Evaluates a function. The engine waits 2 seconds for it, on a thread of the rule.
   *
   * @param name of one of {@link #functions}
   * @param arguments as many as its signature allows: UTF-8 JSON of each, null where it is
   *     Undefined
   * @return completes with UTF-8 JSON, or null for Undefined; exceptionally to fail the rule
   */
  CompletionStage<byte @Nullable []> call(
      Account account, String name, List<byte @Nullable []> arguments);
}
