package dev.gatehouse.rules.sql;

import dev.gatehouse.api.rules.function.FunctionSignature;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Functions that other bundles provide. */
public interface ExternalFunctions {

  /** No bundle provides any. */
  ExternalFunctions NONE = found(null);

  /**
   * Every name is a function of any arguments, without a role: for reading a statement whose
   * functions need not be here. Calls fail.
   */
  ExternalFunctions ANY = found(FunctionSignature.of("any", 0, Integer.MAX_VALUE));

  private static ExternalFunctions found(@Nullable FunctionSignature signature) {
    return new ExternalFunctions() {
      @Override
      public Optional<FunctionSignature> find(String name) {
        return Optional.ofNullable(signature);
      }

      @Override
      public byte @Nullable [] call(String name, List<byte @Nullable []> arguments) {
        throw new EvaluationException("function " + name + " is not here");
      }
    };
  }

  /** The function of a lower-case name. */
  Optional<FunctionSignature> find(String name);

  /**
   * Calls one; may block a moment.
   *
   * @param arguments UTF-8 JSON, null for Undefined
   * @return UTF-8 JSON, null for Undefined
   * @throws EvaluationException to fail the rule
   */
  byte @Nullable [] call(String name, List<byte @Nullable []> arguments);
}
