package dev.gatehouse.api.identity;

/** An authorizer's answer. */
public enum Decision {
  /** A statement allows it and none denies it. */
  ALLOWED,
  /** A statement denies it. */
  EXPLICITLY_DENIED,
  /** No statement allows it. */
  IMPLICITLY_DENIED;

  /** True only for {@link #ALLOWED}. */
  public boolean allowed() {
    return this == ALLOWED;
  }

  /** What holds if another must allow it, too: an explicit deny of either wins. */
  public Decision and(Decision other) {
    if (this == EXPLICITLY_DENIED || other == EXPLICITLY_DENIED) {
      return EXPLICITLY_DENIED;
    }
    return allowed() ? other : this;
  }
}
