package dev.gatehouse.iam.directory;

/** What can have labels. */
public sealed interface Tagged extends Entity permits User, Role, ManagedPolicy {

  /** The labels. */
  Tags tags();

  /** The same with other labels. */
  Tagged with(Tags tags);
}
