package dev.gatehouse.rules.delivery;

/** What became of a parcel when the rule need not wait any longer. */
public sealed interface Outcome {
  /** The target has it. */
  record Delivered() implements Outcome {}

  /** It is durable here, and goes when the target takes it. */
  record Kept() implements Outcome {}

  /** It will not go. */
  record Failed(Failure failure) implements Outcome {}

  /** See {@link Delivered}. */
  Outcome DELIVERED = new Delivered();

  /** See {@link Kept}. */
  Outcome KEPT = new Kept();
}
