package dev.gatehouse.rules.sql;

/** A text that is not a statement; the message says where and what was expected. */
public final class SqlSyntaxException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String problem;
  private final int position;
  private final int line;
  private final int column;

  SqlSyntaxException(String sql, int position, String problem) {
    this(problem, position, lineOf(sql, position), columnOf(sql, position));
  }

  private SqlSyntaxException(String problem, int position, int line, int column) {
    super("line " + line + ", column " + column + ": " + problem, null, false, false);
    this.problem = problem;
    this.position = position;
    this.line = line;
    this.column = column;
  }

  private static int lineOf(String sql, int position) {
    return 1 + (int) sql.substring(0, position).chars().filter(c -> c == '\n').count();
  }

  private static int columnOf(String sql, int position) {
    return position - sql.lastIndexOf('\n', position - 1);
  }

  /** Without the place. */
  String problem() {
    return problem;
  }

  /** From 0, in UTF-16 units. */
  int position() {
    return position;
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
