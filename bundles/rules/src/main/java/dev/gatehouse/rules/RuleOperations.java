package dev.gatehouse.rules;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.http.ApiHandler;
import dev.gatehouse.api.http.ApiOperation;
import dev.gatehouse.api.http.ApiRequest;
import dev.gatehouse.api.http.ApiResponse;
import dev.gatehouse.api.http.IotServices;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.memory.MemoryShare;
import dev.gatehouse.api.message.TopicFilter;
import dev.gatehouse.api.message.TopicName;
import dev.gatehouse.api.store.Batch;
import dev.gatehouse.api.store.Store;
import dev.gatehouse.api.store.StoreConflictException;
import dev.gatehouse.api.store.Table;
import dev.gatehouse.api.tag.Tags;
import dev.gatehouse.api.telemetry.LogText;
import dev.gatehouse.json.Json;
import dev.gatehouse.json.Marker;
import dev.gatehouse.rules.error.RuleErrors;
import dev.gatehouse.rules.sql.ExternalFunctions;
import dev.gatehouse.rules.sql.SqlSyntaxException;
import dev.gatehouse.rules.sql.Statement;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The operations on topic rules. An answer comes when the rule is durable and at work. */
final class RuleOperations {
  private static final Logger LOG = LoggerFactory.getLogger(RuleOperations.class);
  static final String TABLE = "rules.rules";
  private static final int PER_SECOND = 10;

  /** Rows that are read at once: a rule's text may have 256 KiB. */
  static final int PAGE = 16;

  private static final int MAX_PAGE = 10_000;
  private static final String RULE = "/rules/{ruleName}";

  private final Store store;
  private final Table table;
  private final RuleEngine engine;
  private final Whiteboard whiteboard;
  private final RolePassing passing;
  private final Executor control;
  private final RuleCreations creations;
  private final MemoryShare programs;

  RuleOperations(
      Store store,
      RuleEngine engine,
      Whiteboard whiteboard,
      RolePassing passing,
      Executor control,
      RuleCreations creations,
      MemoryShare programs) {
    this.store = store;
    this.table = store.table(TABLE);
    this.engine = engine;
    this.whiteboard = whiteboard;
    this.passing = passing;
    this.control = control;
    this.creations = creations;
    this.programs = programs;
  }

  List<ApiOperation> table() {
    return List.of(
        operation("CreateTopicRule", "POST", RULE, passing.checked(this::create)),
        operation("ReplaceTopicRule", "PATCH", RULE, passing.checked(this::replace)),
        operation("GetTopicRule", "GET", RULE, this::get),
        operation("DeleteTopicRule", "DELETE", RULE, this::delete),
        operation("EnableTopicRule", "POST", RULE + "/enable", r -> disable(key(r), false)),
        operation("DisableTopicRule", "POST", RULE + "/disable", r -> disable(key(r), true)),
        operation("ListTopicRules", "GET", "/rules", this::list));
  }

  private static ApiOperation operation(
      String name, String method, String path, ApiHandler handler) {
    return new ApiOperation(
        name,
        IotServices.IOT,
        method,
        path,
        "iot:" + name,
        request ->
            path.equals("/rules") ? "*" : new RuleKey(request.account(), name(request)).arn(),
        PER_SECOND,
        handler);
  }

  private static String name(ApiRequest request) {
    return request.path("ruleName");
  }

  private static RuleKey key(ApiRequest request) {
    return RuleKey.checked(request.account(), name(request));
  }

  private CompletionStage<ApiResponse> create(ApiRequest request) {
    RuleKey key = key(request);
    RuleDocument given = RuleDocument.parse(request.body(), request.time().toEpochMilli());
    Statement statement = RuleProgram.validate(key, given, whiteboard);
    RuleDocument document = given.withPattern(statement);
    Tags tags = Tags.ofQuery(request.header("x-amz-tagging").orElse(""));
    ServiceException unsure =
        new ServiceException(
            ErrorCode.SERVICE_UNAVAILABLE, "too many rules are made at the same time; try again");
    return reserving(
        key,
        heapBytes(request.body(), document, statement),
        () -> atWork(key, creations.add(key, document.store(), tags), unsure));
  }

  private CompletionStage<ApiResponse> replace(ApiRequest request) {
    RuleKey key = key(request);
    byte[] before = stored(key);
    RuleDocument given =
        RuleDocument.parse(request.body(), RuleDocument.load(before).createdAtMillis());
    Statement statement = RuleProgram.validate(key, given, whiteboard);
    RuleDocument document = given.withPattern(statement);
    Batch batch = updating(key, before, document);
    Set<String> kept = document.allActions().map(ActionSpec::slot).collect(Collectors.toSet());
    dropQueues(batch, key, RuleDocument.load(before), kept);
    return reserving(
        key,
        heapBytes(request.body(), document, statement),
        () -> commit(key, batch, changing(key)));
  }

  /** What waits for an action that the rule no longer has goes with it. */
  private void dropQueues(Batch batch, RuleKey key, RuleDocument before, Set<String> kept) {
    before
        .allActions()
        .map(ActionSpec::slot)
        .filter(slot -> !kept.contains(slot) && store.queue(key.queue(slot)).last() >= 0)
        .forEach(slot -> batch.drop(key.queue(slot)));
  }

  CompletionStage<ApiResponse> disable(RuleKey key, boolean disabled) {
    byte[] before = stored(key);
    RuleDocument document = RuleDocument.load(before).withDisabled(disabled);
    return reserving(
        key,
        disabled ? 0 : heapBytes(before, document, compiled(document).orElse(null)),
        () -> commit(key, updating(key, before, document).urgent(), changing(key)));
  }

  private static long heapBytes(byte[] text, RuleDocument document, @Nullable Statement statement) {
    return text.length
        + (document.allActions().count() - 1) * RuleProgram.LANE_BYTES
        + (statement == null ? 0 : statement.heapBytes());
  }

  /**
   * Changes a rule if there is memory for what it becomes. The engine counts the rule itself once
   * it is at work; the reservation ends then.
   */
  private CompletionStage<ApiResponse> reserving(
      RuleKey key, long bytes, Supplier<CompletionStage<ApiResponse>> change) {
    long used = engine.heapBytes(key.account());
    // One account leaves a quarter to the others.
    boolean fits = bytes == 0 || used + bytes <= programs.limitBytes() / 4 * 3;
    if (!fits || !programs.tryTake(bytes)) {
      throw new ServiceException(
          ErrorCode.LIMIT_EXCEEDED,
          ("the rule takes about %d bytes of memory, but the account's rules use %d, and all rules %d"
                  + " of %d; simplify or disable some")
              .formatted(bytes, used, programs.usedBytes(), programs.limitBytes()));
    }
    CompletionStage<ApiResponse> changed;
    try {
      changed = change.get();
    } catch (RuntimeException e) {
      programs.release(bytes);
      throw e;
    }
    return changed.whenComplete((done, error) -> programs.release(bytes));
  }

  private static Batch updating(RuleKey key, byte[] before, RuleDocument document) {
    return new Batch().expect(TABLE, key.bytes(), before).put(TABLE, key.bytes(), document.store());
  }

  private static ServiceException changing(RuleKey key) {
    return new ServiceException(
        RuleErrors.CONFLICTING_RESOURCE_UPDATE,
        "rule '" + key.name() + "' was changed by another call at the same time");
  }

  Optional<String> describe(RuleKey key) {
    return table
        .get(key.bytes())
        .map(value -> new String(RuleDocument.load(value).describe(key), StandardCharsets.UTF_8));
  }

  /** A stored rule, with what its FROM says. */
  record Stored(RuleKey key, boolean disabled, String pattern) {}

  List<Stored> all(Account account) {
    List<Stored> all = new ArrayList<>();
    eachRow(
        account.toString(),
        null,
        row -> {
          RuleKey key = RuleKey.parse(row.key());
          try {
            RuleDocument document = RuleDocument.load(row.value());
            String pattern = pattern(document);
            all.add(new Stored(key, document.disabled(), pattern == null ? "" : pattern));
          } catch (IllegalStateException e) {
            all.add(new Stored(key, true, "")); // damaged: its problem is told by the engine
          }
          return true;
        });
    return all;
  }

  private CompletionStage<ApiResponse> get(ApiRequest request) {
    RuleKey key = key(request);
    return CompletableFuture.completedFuture(
        ApiResponse.json(RuleDocument.load(stored(key)).describe(key)));
  }

  private CompletionStage<ApiResponse> delete(ApiRequest request) {
    RuleKey key = key(request);
    byte[] before = stored(key);
    Batch batch = new Batch().expect(TABLE, key.bytes(), before).delete(TABLE, key.bytes());
    Tags.remove(batch, key.account(), key.resource());
    try {
      dropQueues(batch, key, RuleDocument.load(before), Set.of());
    } catch (IllegalStateException | ServiceException e) {
      LOG.warn("event=rule_queues_left rule={} reason=\"{}\"", key.name(), LogText.printable(e));
    }
    return commit(key, batch, changing(key));
  }

  /** As AWS does it, an absent rule and a forbidden one look the same. */
  private byte[] stored(RuleKey key) {
    return table
        .get(key.bytes())
        .orElseThrow(
            () ->
                new ServiceException(
                    ErrorCode.UNAUTHORIZED,
                    "access to topic rule '" + key.name() + "' was denied or it does not exist"));
  }

  private CompletionStage<ApiResponse> commit(
      RuleKey key, Batch batch, ServiceException onConflict) {
    return atWork(key, store.commit(batch), onConflict);
  }

  private CompletionStage<ApiResponse> atWork(
      RuleKey key, CompletionStage<Void> commit, ServiceException onConflict) {
    return commit
        .exceptionally(
            error -> {
              Throwable cause = error instanceof CompletionException ? error.getCause() : error;
              if (cause instanceof StoreConflictException) {
                throw onConflict;
              }
              if (cause instanceof ServiceException refused) {
                throw refused;
              }
              throw new ServiceException(
                  ErrorCode.SERVICE_UNAVAILABLE, "the store can not write now", error);
            })
        .thenRunAsync(() -> engine.refresh(key), control)
        .thenApply(done -> ApiResponse.empty());
  }

  /** Reads an account's rules behind a name, until the reader has enough. */
  private void eachRow(String account, @Nullable String after, Predicate<Table.Row> reader) {
    byte[] from =
        (account + "\u0000" + (after == null ? "" : after + "\u0000"))
            .getBytes(StandardCharsets.UTF_8);
    byte[] to = (account + "\u0001").getBytes(StandardCharsets.UTF_8);
    List<Table.Row> page;
    do {
      page = table.range(from, to, PAGE, Table.Order.ASCENDING);
      for (Table.Row row : page) {
        if (!reader.test(row)) {
          return;
        }
        from = Arrays.copyOf(row.key(), row.key().length + 1);
      }
    } while (page.size() == PAGE);
  }

  private CompletionStage<ApiResponse> list(ApiRequest request) {
    int pageSize = pageSize(request);
    Marker marker = Marker.of("rules", request);
    String topic = request.query("topic").orElse(null);
    Boolean disabled =
        request.query("ruleDisabled").isPresent() ? request.flag("ruleDisabled") : null;
    String after =
        request.query("nextToken").map(token -> marker.decode("nextToken", token)).orElse(null);
    ObjectNode root = Json.object();
    ArrayNode rules = root.putArray("rules");
    eachRow(
        request.account().toString(),
        after,
        row -> {
          RuleKey key = RuleKey.parse(row.key());
          RuleDocument document = RuleDocument.load(row.value());
          String pattern = pattern(document);
          if ((disabled != null && disabled != document.disabled()) || !about(topic, pattern)) {
            return true;
          }
          if (rules.size() == pageSize) {
            root.put(
                "nextToken", marker.encode(rules.path(pageSize - 1).path("ruleName").asText()));
            return false;
          }
          rules.add(document.summary(key, pattern));
          return true;
        });
    return CompletableFuture.completedFuture(ApiResponse.json(Json.bytes(root)));
  }

  /** Rules of a page; this list takes far more of them than the others do. */
  private static int pageSize(ApiRequest request) {
    String given = request.query("maxResults").orElse("100");
    try {
      int size = Integer.parseInt(given);
      if (size >= 1 && size <= MAX_PAGE) {
        return size;
      }
    } catch (NumberFormatException e) {
      throw RuleDocument.invalid(pageSizeProblem(given));
    }
    throw RuleDocument.invalid(pageSizeProblem(given));
  }

  private static String pageSizeProblem(String given) {
    return "maxResults must be 1 to " + MAX_PAGE + ", not '" + given + "'";
  }

  /** The FROM of a rule, null if it has none. */
  private static @Nullable String pattern(RuleDocument document) {
    String stored = document.topicPattern();
    if (stored != null) {
      return stored.isEmpty() ? null : stored;
    }
    return compiled(document).flatMap(Statement::from).map(TopicFilter::value).orElse(null);
  }

  /** The SQL of a rule whose functions need not be here; empty if it does not compile. */
  private static Optional<Statement> compiled(RuleDocument document) {
    try {
      return Optional.of(
          Statement.compile(document.sql(), document.version(), ExternalFunctions.ANY));
    } catch (SqlSyntaxException e) {
      return Optional.empty();
    }
  }

  private static boolean about(@Nullable String topic, @Nullable String pattern) {
    if (topic == null || topic.equals(pattern)) {
      return true;
    }
    try {
      return pattern != null && new TopicFilter(pattern).matches(new TopicName(topic));
    } catch (IllegalArgumentException e) {
      return false; // a filter as the topic only matches itself
    }
  }
}
