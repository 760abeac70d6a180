package dev.gatehouse.iam.directory;

/** What policies can be put on. */
public sealed interface Holder extends Entity permits User, Group, Role {

  /** The policies. */
  Grants grants();

  /** The same with other policies. */
  Holder with(Grants grants);
}
