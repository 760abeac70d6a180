package dev.gatehouse.iam.directory;

import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.identity.Arn;
import java.util.Locale;

/** The kinds of entities, and how many an account may have (IAM User Guide: quotas). */
public enum Kind {
  USER("AIDA", 64, 5000, 2048),
  GROUP("AGPA", 128, 300, 5120),
  ROLE("AROA", 64, 1000, 10_240),
  POLICY("ANPA", 128, 1500, 6144);

  private final String idPrefix;
  private final int nameLength;
  private final int limit;
  private final int documentLength;

  Kind(String idPrefix, int nameLength, int limit, int documentLength) {
    this.idPrefix = idPrefix;
    this.nameLength = nameLength;
    this.limit = limit;
    this.documentLength = documentLength;
  }

  /** What its ids begin with. */
  public String idPrefix() {
    return idPrefix;
  }

  /** The longest name. */
  public int nameLength() {
    return nameLength;
  }

  /** The most of an account. */
  public int limit() {
    return limit;
  }

  /** Characters without blanks: of one managed policy, or of all inline policies together. */
  public int documentLength() {
    return documentLength;
  }

  /** {@code user}, {@code group}, {@code role}, {@code policy}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** {@code User}, {@code Group}, {@code Role}, {@code Policy}, as parameters are named. */
  public String title() {
    return name().charAt(0) + word().substring(1);
  }

  /** The ARN of one. */
  public Arn arn(Account account, String path, String name) {
    return new Arn("aws", "iam", "", account.id(), word() + path + name);
  }
}
