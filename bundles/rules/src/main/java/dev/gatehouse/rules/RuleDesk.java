package dev.gatehouse.rules;

import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.message.MessageProperties;
import dev.gatehouse.api.message.Payload;
import dev.gatehouse.api.message.TopicFilter;
import dev.gatehouse.api.message.TopicName;
import dev.gatehouse.api.message.TraceId;
import dev.gatehouse.api.rules.Rules;
import dev.gatehouse.rules.error.RuleErrors;
import dev.gatehouse.rules.sql.EvaluationException;
import dev.gatehouse.rules.sql.MessageContext;
import dev.gatehouse.rules.sql.SqlSyntaxException;
import dev.gatehouse.rules.sql.SqlVersion;
import dev.gatehouse.rules.sql.Statement;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** The rules for those who operate the gateway. */
final class RuleDesk implements Rules {
  private final RuleOperations operations;
  private final RuleEngine engine;
  private final Whiteboard whiteboard;
  private final Clock clock;

  RuleDesk(RuleOperations operations, RuleEngine engine, Whiteboard whiteboard, Clock clock) {
    this.operations = operations;
    this.engine = engine;
    this.whiteboard = whiteboard;
    this.clock = clock;
  }

  @Override
  public List<Summary> list(Account account) {
    return operations.all(account).stream().map(row -> engine.summary(row.key(), row)).toList();
  }

  @Override
  public Optional<String> describe(Account account, String name) {
    return operations.describe(RuleKey.checked(account, name));
  }

  @Override
  public CompletionStage<Void> enable(Account account, String name, boolean enabled) {
    return operations.disable(RuleKey.checked(account, name), !enabled).thenApply(done -> null);
  }

  @Override
  public Trial test(
      Account account, String sql, String sqlVersion, TopicName topic, Payload payload) {
    SqlVersion version =
        SqlVersion.of(sqlVersion)
            .orElseThrow(() -> RuleDocument.invalid(RuleDocument.unknownVersion(sqlVersion)));
    Statement statement;
    try {
      statement = Statement.compile(sql, version, whiteboard.functions(account));
    } catch (SqlSyntaxException e) {
      throw new ServiceException(RuleErrors.SQL_PARSE, String.valueOf(e.getMessage()), e);
    }
    List<Step> steps = new ArrayList<>();
    steps.add(from(statement.from(), topic));
    if (!steps.get(0).passed()) {
      return new Trial(steps, Optional.empty());
    }
    try {
      Optional<byte[]> result = statement.explain(payload.bytes(), context(account, topic), steps);
      return new Trial(steps, result.map(Payload::of));
    } catch (EvaluationException e) {
      steps.add(new Step("error", false, String.valueOf(e.getMessage())));
      return new Trial(steps, Optional.empty());
    }
  }

  private static Step from(Optional<TopicFilter> filter, TopicName topic) {
    if (filter.isEmpty()) {
      return new Step("FROM", true, "is absent: only Basic Ingest reaches such a rule");
    }
    boolean matches = filter.get().matches(topic);
    return new Step(
        "FROM",
        matches,
        "'" + filter.get() + "' " + (matches ? "matches '" : "does not match '") + topic + "'");
  }

  private MessageContext context(Account account, TopicName topic) {
    return new MessageContext(
        account.id(),
        topic.value(),
        null,
        "console",
        null,
        TraceId.next().toString(),
        MessageProperties.NONE,
        clock.millis());
  }
}
