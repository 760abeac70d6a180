package dev.gatehouse.rules.sql;

/** A text that is not a statement; the message says where and what was expected. */
public final class SqlSyntaxException extends Exception {
  private static final long serialVersionUID = 1L;

  private final int line;
  private final int column;

  SqlSyntaxException(String sql, int position, String problem) {
    this(problem, lineOf(sql, position), columnOf(sql, position));
  }

  private SqlSyntaxException(String problem, int line, int column) {
    super("line " + line + ", column " + column + ": " + problem, null, false, false);
    this.line = line;
    this.column = column;
  }

  private static int lineOf(String sql, int position) {
    return 1 + (int) sql.substring(0, position).chars().filter(c -> c == '\n').count();
  }

  private static int columnOf(String sql, int position) {
    return position - sql.lastIndexOf('\n', position - 1);
  }

  /** From 1. */
  public int line() {
    return line;
  }

  /** From 1, in UTF-16 units. */
  public int column() {
    return column;
  }
}
