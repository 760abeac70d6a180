package dev.gatehouse.rules.sql;

import dev.gatehouse.api.memory.MemoryShare;
import dev.gatehouse.api.message.TopicFilter;
import dev.gatehouse.api.rules.Rules.Step;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A compiled statement, immutable: what {@link StatementCompiler} made of a text and of its
 * actions' templates.
 */
public final class Statement {
  /** The longest text, in UTF-16 units. */
  public static final int MAX_LENGTH = 262_144;

  private final SqlVersion version;
  private final ExternalFunctions external;
  private final List<Expression> sets;
  private final Selection selection;
  private final @Nullable TopicFilter from;
  private final @Nullable Expression where;
  private final Map<String, Integer> variables;
  private final @Nullable RootNames names;
  private final Facts facts;

  /**
   * What is known of a statement with its templates.
   *
   * @param callsOthers whether functions of other bundles are called
   * @param heapBytes about how much of the heap the expressions take
   * @param roles that calls of other bundles' functions name
   */
  record Facts(boolean callsOthers, long heapBytes, Set<String> roles) {
    Facts {
      roles = Set.copyOf(roles);
    }
  }

  /** With the names that are read of the payload; null if all of it is. */
  Statement(
      SqlVersion version,
      ExternalFunctions external,
      StatementParser.Parts parts,
      Map<String, Integer> variables,
      @Nullable RootNames names,
      Facts facts) {
    this.version = version;
    this.external = external;
    this.sets = parts.sets();
    this.selection = parts.selection();
    this.from = parts.from();
    this.where = parts.where();
    this.variables = variables;
    this.names = names;
    this.facts = facts;
  }

  /**
   * Compiles a text that has no templates beside it.
   *
   * @throws SqlSyntaxException see {@link StatementCompiler#StatementCompiler}
   */
  public static Statement compile(String sql, SqlVersion version, ExternalFunctions external)
      throws SqlSyntaxException {
    return new StatementCompiler(sql, version, external).statement();
  }

  /** The topic filter after FROM. */
  public Optional<TopicFilter> from() {
    return Optional.ofNullable(from);
  }

  /** Whether functions of other bundles are called, which may take a while. */
  public boolean callsOthers() {
    return facts.callsOthers();
  }

  /** About how much of the heap its expressions take, with those of its templates. */
  public long heapBytes() {
    return facts.heapBytes();
  }

  /** The roles that are named in calls of other bundles' functions, here and in templates. */
  public Set<String> roles() {
    return facts.roles();
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
    return new Evaluation(payload, context, external, version, names, sets.size(), memory);
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
