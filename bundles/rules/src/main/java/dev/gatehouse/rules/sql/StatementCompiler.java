package dev.gatehouse.rules.sql;

import dev.gatehouse.api.message.TopicFilter;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Compiles a statement and the templates of its actions. All of them share the members that they
 * read of the payload, so the {@link #statement} is made when the last template is compiled. One
 * thread at a time.
 */
public final class StatementCompiler {
  /** What a part of an expression takes on the heap, with the lists around it. */
  private static final int NODE_BYTES = 80;

  private final SqlVersion version;
  private final ExternalFunctions external;
  private final RootNames names = new RootNames();
  private final Map<String, Integer> variables;
  private final StatementParser.Parts parts;
  private final Set<String> roles = new TreeSet<>();
  private long nodes;
  private boolean wholePayload;
  private boolean callsOthers;

  /**
   * Compiles a text.
   *
   * @throws SqlSyntaxException if it is no statement of the version, or calls a function that
   *     {@code external} does not have, or not with these arguments
   */
  public StatementCompiler(String sql, SqlVersion version, ExternalFunctions external)
      throws SqlSyntaxException {
    if (sql.length() > Statement.MAX_LENGTH) {
      throw new SqlSyntaxException(sql, 0, "longer than " + Statement.MAX_LENGTH + " characters");
    }
    this.version = version;
    this.external = external;
    StatementParser parser = new StatementParser(sql, version, external, names);
    parts = parser.statement();
    variables = Map.copyOf(parser.variables);
    took(parser);
    wholePayload = parser.wholePayload && !parts.selection().passesThrough();
  }

  /** The topic filter after FROM. */
  public Optional<TopicFilter> from() {
    return Optional.ofNullable(parts.from());
  }

  /**
   * Compiles an action's setting that may hold <code>${expression}</code>.
   *
   * @throws SqlSyntaxException if an expression in it is wrong
   */
  public Template template(String text) throws SqlSyntaxException {
    return Template.compile(text, this, false);
  }

  /**
   * The same for an error action's setting, which can not call functions of other bundles.
   *
   * @throws SqlSyntaxException if an expression in it is wrong
   */
  public Template errorTemplate(String text) throws SqlSyntaxException {
    return Template.compile(text, this, true);
  }

  /** The statement with all templates so far; those that are compiled later do not fit it. */
  public Statement statement() {
    return new Statement(
        version,
        external,
        parts,
        variables,
        wholePayload ? null : names.copy(),
        new Statement.Facts(callsOthers, NODE_BYTES * nodes, roles));
  }

  Expression expression(String text, boolean errorAction) throws SqlSyntaxException {
    StatementParser parser = new StatementParser(text, version, external, names);
    parser.errorAction = errorAction;
    parser.variables.putAll(variables);
    Expression expression = parser.lone();
    took(parser);
    wholePayload |= parser.wholePayload;
    return expression;
  }

  private void took(StatementParser parser) {
    nodes += parser.nodes();
    callsOthers |= parser.callsOthers;
    roles.addAll(parser.roles);
  }
}
