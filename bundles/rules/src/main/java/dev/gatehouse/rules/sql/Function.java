package dev.gatehouse.rules.sql;

/** A built-in function. */
@FunctionalInterface
interface Function {
  /** Its value; Undefined if the arguments do not fit. */
  Value apply(Evaluation evaluation, Value[] arguments);
}
