package dev.gatehouse.rules.sql;

import java.util.Optional;

/** The versions of the SQL that a rule may ask for in {@code awsIotSqlVersion}. */
public enum SqlVersion {
  V2015_10_08("2015-10-08"),
  V2016_03_23_BETA("2016-03-23-beta"),
  V2016_03_23("2016-03-23"),
  BETA("beta");

  private final String wireName;

  SqlVersion(String wireName) {
    this.wireName = wireName;
  }

  /** By its name, such as {@code 2016-03-23}. */
  public static Optional<SqlVersion> of(String name) {
    for (SqlVersion version : values()) {
      if (version.wireName.equals(name)) {
        return Optional.of(version);
      }
    }
    return Optional.empty();
  }

  /** As in {@code awsIotSqlVersion}. */
  public String wireName() {
    return wireName;
  }

  /** True if it has arrays, objects and nested SELECT. */
  boolean modern() {
    return this != V2015_10_08;
  }
}
