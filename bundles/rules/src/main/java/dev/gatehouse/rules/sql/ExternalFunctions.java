package dev.gatehouse.rules.sql;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Functions that others provide. */
public interface ExternalFunctions {
  /** Nobody provides any. */
  ExternalFunctions NONE =
      new ExternalFunctions() {
        @Override
        public boolean knows(String name) {
          return false;
        }

        @Override
        public byte @Nullable [] call(String name, List<byte @Nullable []> arguments) {
          throw new EvaluationException("function " + name + " is not here");
        }
      };

  /** Whether a lower-case name is one of them. */
  boolean knows(String name);

  /**
   * Calls one; may block a moment.
   *
   * @param arguments UTF-8 JSON, null for Undefined
   * @return UTF-8 JSON, null for Undefined
   * @throws EvaluationException to fail the rule
   */
  byte @Nullable [] call(String name, List<byte @Nullable []> arguments);
}
