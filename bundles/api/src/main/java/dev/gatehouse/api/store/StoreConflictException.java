package dev.gatehouse.api.store;

/** An expectation of a batch did not hold; nothing of the batch happened. */
public final class StoreConflictException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Names the table whose row was not as expected. */
  public StoreConflictException(String table) {
    super("a row of table '" + table + "' is not as expected", null, false, false);
  }
}
