package dev.gatehouse.rules;

import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.message.TopicFilter;
import dev.gatehouse.api.rules.action.RuleActionType;
import dev.gatehouse.api.rules.action.SettingsSchema;
import dev.gatehouse.rules.error.RuleErrors;
import dev.gatehouse.rules.sql.SqlSyntaxException;
import dev.gatehouse.rules.sql.Statement;
import dev.gatehouse.rules.sql.StatementCompiler;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A rule ready to run.
 *
 * @param filter null for a rule without FROM
 */
record RuleProgram(
    Statement statement,
    @Nullable TopicFilter filter,
    List<BoundAction> actions,
    @Nullable BoundAction errorAction) {
  /** Of another action than the first: its settings, its lane and what that keeps. */
  static final int LANE_BYTES = 1_500;

  /**
   * Refuses what can not become a program; binds nothing.
   *
   * @return its SQL, which knows the roles that it names and how much memory it takes
   */
  static Statement validate(RuleKey key, RuleDocument document, Whiteboard whiteboard) {
    StatementCompiler compiler = compile(key, document, whiteboard);
    document.allActions().forEach(spec -> validate(spec, compiler, whiteboard));
    return compiler.statement();
  }

  private static void validate(ActionSpec spec, StatementCompiler compiler, Whiteboard whiteboard) {
    RuleActionType kind =
        whiteboard
            .actionType(spec.type())
            .orElseThrow(
                () ->
                    RuleDocument.invalid(
                        spec.where()
                            + ": no bundle here provides the action type '"
                            + spec.type()
                            + "'"));
    List<SettingsSchema.Leaf> leaves = spec.leaves(kind);
    kind.validate(spec.settings());
    for (SettingsSchema.Leaf leaf : leaves) {
      if (leaf.setting().templated()) {
        try {
          spec.template(leaf.text(), compiler);
        } catch (SqlSyntaxException e) {
          throw new ServiceException(
              RuleErrors.SQL_PARSE, spec.where() + "." + leaf.key() + ": " + e.getMessage(), e);
        }
      }
    }
  }

  /** A ServiceException if the SQL is wrong; a missing action type is left unbound. */
  static RuleProgram of(RuleKey key, RuleDocument document, Whiteboard whiteboard) {
    StatementCompiler compiler = compile(key, document, whiteboard);
    List<BoundAction> actions = new ArrayList<>();
    try {
      for (ActionSpec spec : document.actions()) {
        actions.add(BoundAction.of(key, spec, compiler, whiteboard));
      }
      ActionSpec spec = document.errorAction();
      BoundAction errorAction =
          spec == null ? null : BoundAction.of(key, spec, compiler, whiteboard);
      return new RuleProgram(
          compiler.statement(), compiler.from().orElse(null), List.copyOf(actions), errorAction);
    } catch (SqlSyntaxException | RuntimeException e) {
      actions.forEach(BoundAction::close);
      throw new ServiceException(RuleErrors.SQL_PARSE, String.valueOf(e.getMessage()), e);
    }
  }

  private static StatementCompiler compile(
      RuleKey key, RuleDocument document, Whiteboard whiteboard) {
    try {
      return new StatementCompiler(
          document.sql(), document.version(), whiteboard.functions(key.account()));
    } catch (SqlSyntaxException e) {
      throw new ServiceException(RuleErrors.SQL_PARSE, String.valueOf(e.getMessage()), e);
    }
  }

  /** About how much of the heap a rule takes beyond what every rule does. */
  long heapBytes() {
    long bytes = statement.heapBytes() + (all().count() - 1) * LANE_BYTES;
    for (BoundAction bound : all().toList()) {
      bytes += bound.settingsLength();
    }
    return bytes;
  }

  boolean callsOthers() {
    return statement.callsOthers();
  }

  Stream<BoundAction> all() {
    return Stream.concat(actions.stream(), Stream.ofNullable(errorAction));
  }

  /** Types that are not here. */
  List<String> missing() {
    return all().filter(bound -> bound.target() == null).map(BoundAction::type).distinct().toList();
  }

  void close() {
    all().forEach(BoundAction::close);
  }
}
