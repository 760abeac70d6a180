package dev.gatehouse.identity.policy;

/** A policy document that is not one; the message says where and what would be right. */
public final class MalformedPolicy extends Exception {
  private static final long serialVersionUID = 1L;

  MalformedPolicy(String message) {
    super(message, null, false, false);
  }
}
