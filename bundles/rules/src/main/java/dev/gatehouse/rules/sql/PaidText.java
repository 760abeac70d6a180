package dev.gatehouse.rules.sql;

/** A text in the making, whose length is bounded and paid for before it grows. */
final class PaidText {
  private final Evaluation evaluation;
  private final StringBuilder text = new StringBuilder();
  private long paid;

  PaidText(Evaluation evaluation) {
    this.evaluation = evaluation;
  }

  /** Adds a part of a text. */
  PaidText append(String part, int from, int to) {
    long length = (long) text.length() + to - from;
    if (length > paid) {
      long before = paid;
      paid = Math.max(Math.min(2 * paid, Evaluation.MAX_TEXT), length); // as the builder grows
      evaluation.buildText(paid);
      evaluation.discard(2 * before);
    }
    text.append(part, from, to);
    return this;
  }

  boolean isEmpty() {
    return text.length() == 0;
  }

  /** The whole text; nothing is to be added any longer. */
  @Override
  public String toString() {
    evaluation.buildText(text.length());
    String whole = text.toString();
    evaluation.discard(2 * paid);
    paid = 0;
    return whole;
  }
}
