package dev.gatehouse.iam.directory;

import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.identity.Arn;

/** What has a name, a path and an id in IAM. */
public sealed interface Entity permits Holder, Tagged {

  /** What it is. */
  Kind kind();

  /** Unique in its account and kind, whatever the case. */
  String name();

  /** {@code /}, or {@code /division/team/}. */
  String path();

  /** Unique for ever, such as {@code AIDA…}. */
  String id();

  /** When it was made. */
  long createdMillis();

  /** {@code arn:aws:iam::account:user/path/name}. */
  default Arn arn(Account account) {
    return kind().arn(account, path(), name());
  }
}
