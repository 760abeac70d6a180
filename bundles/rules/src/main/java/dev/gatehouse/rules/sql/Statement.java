package dev.gatehouse.rules.sql;

import dev.gatehouse.api.memory.MemoryShare;
import dev.gatehouse.api.message.TopicFilter;
import dev.gatehouse.api.rules.Rules.Step;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A compiled statement. Safe for many threads once its templates are compiled. */
public final class Statement {
  /** The longest text, in UTF-16 units. */
  public static final int MAX_LENGTH = 262_144;

  /** What a part of an expression takes on the heap, with the lists around it. */
  private static final int NODE_BYTES = 80;

  private final SqlVersion version;
  private final ExternalFunctions external;
  private final List<Expression> sets;
  private final Selection selection;
  private final @Nullable TopicFilter from;
  private final @Nullable Expression where;
  private final Map<String, Integer> variables;
  private final RootNames names;
  private long heapBytes; // while templates are compiled
  private boolean wholePayload;
  private boolean callsOthers;
  private final Set<String> roles = new TreeSet<>(); // while templates are compiled

  Statement(
      StatementParser parser,
      SqlVersion version,
      List<Expression> sets,
      Selection selection,
      @Nullable TopicFilter from,
      @Nullable Expression where) {
    this.version = version;
    this.external = parser.external();
    this.sets = sets;
    this.selection = selection;
    this.from = from;
    this.where = where;
    this.variables = Map.copyOf(parser.variables);
    this.names = parser.names;
    this.callsOthers = parser.callsOthers;
    this.heapBytes = (long) NODE_BYTES * parser.nodes();
    roles.addAll(parser.roles);
    this.wholePayload = parser.wholePayload && !selection.passesThrough();
  }

  /**
   * Compiles a text.
   *
   * @throws SqlSyntaxException if it is no statement of the version, or uses an unknown function
   */
  public static Statement compile(String sql, SqlVersion version, ExternalFunctions external)
      throws SqlSyntaxException {
    if (sql.length() > MAX_LENGTH) {
      throw new SqlSyntaxException(sql, 0, "longer than " + MAX_LENGTH + " characters");
    }
    return new StatementParser(sql, version, external, new RootNames()).statement(version);
  }

  /** The topic filter after FROM. */
  public Optional<TopicFilter> from() {
    return Optional.ofNullable(from);
  }

  /**
   * Compiles an action's setting that may hold <code>${expression}</code>. To be called before the
   * first evaluation.
   *
   * @throws SqlSyntaxException if an expression in it is wrong
   */
  public Template template(String text) throws SqlSyntaxException {
    return Template.compile(text, this, false);
  }

  /**
   * The same for an error action's setting, which can not call functions of others.
   *
   * @throws SqlSyntaxException if an expression in it is wrong
   */
  public Template errorTemplate(String text) throws SqlSyntaxException {
    return Template.compile(text, this, true);
  }

  /** Whether functions of others are called, which may take a while. */
  public boolean callsOthers() {
    return callsOthers;
  }

  /** About how much of the heap its expressions take, here and in templates so far. */
  public long heapBytes() {
    return heapBytes;
  }

  /** The roles that are named in calls of functions of others, here and in templates so far. */
  public Set<String> roles() {
    return Set.copyOf(roles);
  }

  Expression expression(String text, boolean errorAction) throws SqlSyntaxException {
    StatementParser parser = new StatementParser(text, version, external, names);
    parser.errorAction = errorAction;
    parser.variables.putAll(variables);
    Expression expression = parser.lone();
    wholePayload |= parser.wholePayload;
    callsOthers |= parser.callsOthers;
    heapBytes += (long) NODE_BYTES * parser.nodes();
    roles.addAll(parser.roles);
    return expression;
  }

  /** Begins the evaluation for one message and computes the variables. */
  public Evaluation begin(byte[] payload, MessageContext context) {
    return begin(payload, context, null);
  }

  /**
   * The same.
   *
   * @param memory pays for what is built, until the evaluation is closed; null: only the bounds of
   *     a single message hold
   */
  public Evaluation begin(byte[] payload, MessageContext context, @Nullable MemoryShare memory) {
    Evaluation evaluation = evaluation(payload, context, memory);
    try {
      for (int i = 0; i < sets.size(); i++) {
        evaluation.assign(i, sets.get(i).evaluate(evaluation));
      }
      return evaluation;
    } catch (RuntimeException | StackOverflowError e) {
      evaluation.close();
      throw e;
    }
  }

  private Evaluation evaluation(
      byte[] payload, MessageContext context, @Nullable MemoryShare memory) {
    return new Evaluation(
        payload, context, external, version, wholePayload ? null : names, sets.size(), memory);
  }

  /** The same, but what the statement SET is Undefined: for texts about a message that failed. */
  public Evaluation beginWithoutVariables(
      byte[] payload, MessageContext context, @Nullable MemoryShare memory) {
    Evaluation evaluation = evaluation(payload, context, memory);
    for (int i = 0; i < sets.size(); i++) {
      evaluation.assign(i, Value.UNDEFINED);
    }
    return evaluation;
  }

  /**
   * Evaluates and tells each part of it.
   *
   * @param steps takes what happened, also if this throws
   * @return what came out; empty if WHERE lets the message not through
   */
  public Optional<byte[]> explain(byte[] payload, MessageContext context, List<Step> steps) {
    Explanation told = new Explanation(evaluation(payload, context, null));
    try {
      return explain(told);
    } finally {
      steps.addAll(told.steps());
    }
  }

  private Optional<byte[]> explain(Explanation told) {
    Evaluation evaluation = told.evaluation();
    List<String> names =
        variables.entrySet().stream()
            .sorted(Map.Entry.comparingByValue())
            .map(Map.Entry::getKey)
            .toList();
    for (int i = 0; i < sets.size(); i++) {
      Value value = sets.get(i).evaluate(evaluation);
      evaluation.assign(i, value);
      told.variable(names.get(i), value);
    }
    if (where != null && !told.condition(where)) {
      return Optional.empty();
    }
    selection.explain(told);
    return Optional.of(select(evaluation));
  }

  /** Whether WHERE lets the message through: only true does. */
  public boolean matches(Evaluation evaluation) {
    return where == null || Value.Bool.TRUE.equals(where.evaluate(evaluation));
  }

  /**
   * The outgoing payload, of at most a MiB; {@code SELECT *} lets the bytes through as they are.
   *
   * @throws EvaluationException if it takes too much work or memory
   */
  public byte[] select(Evaluation evaluation) {
    if (selection.passesThrough()) {
      return evaluation.payload();
    }
    if (selection.flat()) {
      return selection.write(evaluation);
    }
    Value selected = selection.select(evaluation, selection.ofPayload() ? evaluation.root() : null);
    if (selected instanceof Value.Array && !version.modern()) {
      return new byte[0]; // an array alone needs the newer version
    }
    return Json.bytes(selected, evaluation);
  }
}
