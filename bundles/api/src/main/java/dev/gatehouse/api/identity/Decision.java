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
}
