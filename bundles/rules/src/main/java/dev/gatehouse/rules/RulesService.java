package dev.gatehouse.rules;

import dev.gatehouse.api.http.ApiModule;
import dev.gatehouse.api.http.ApiOperation;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.identity.Authorizer;
import dev.gatehouse.api.identity.DefaultAccount;
import dev.gatehouse.api.identity.Roles;
import dev.gatehouse.api.memory.MemoryBudget;
import dev.gatehouse.api.memory.MemoryShare;
import dev.gatehouse.api.message.Mailbox;
import dev.gatehouse.api.message.Message;
import dev.gatehouse.api.message.MessageBus;
import dev.gatehouse.api.message.Payload;
import dev.gatehouse.api.message.TopicClaim;
import dev.gatehouse.api.message.TopicFilter;
import dev.gatehouse.api.message.TopicName;
import dev.gatehouse.api.rules.Rules;
import dev.gatehouse.api.rules.action.RuleActionType;
import dev.gatehouse.api.rules.function.FunctionSet;
import dev.gatehouse.api.store.Store;
import dev.gatehouse.api.telemetry.HealthCheck;
import dev.gatehouse.api.telemetry.Metric;
import dev.gatehouse.api.telemetry.MetricSource;
import dev.gatehouse.rules.delivery.LaneServices;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The rules engine as a component. */
@Component(
    configurationPid = "dev.gatehouse.rules",
    immediate = true,
    service = {
      ApiModule.class,
      Rules.class,
      TopicClaim.class,
      MetricSource.class,
      HealthCheck.class
    })
@Designate(ocd = RulesConfig.Settings.class)
public final class RulesService implements ApiModule, Rules, TopicClaim, MetricSource, HealthCheck {
  private static final Logger LOG = LoggerFactory.getLogger(RulesService.class);

  private static final int STOP_SECONDS = 5;
  private static final int IDLE_SECONDS = 30;

  private final MemoryShare results;
  private final MemoryShare programs;
  private final Whiteboard whiteboard;
  private final ExecutorService control;
  private final ThreadPoolExecutor actions;
  private final ScheduledThreadPoolExecutor timer;
  private final RuleEngine engine;
  private final BasicIngest ingest;
  private final RuleDesk desk;
  private final List<ApiOperation> operations;

  /** Makes the engine; rules start in {@link #start}, when the whiteboards are filled. */
  @Activate
  public RulesService(
      @Reference Store store,
      @Reference MessageBus bus,
      @Reference MemoryBudget memory,
      @Reference DefaultAccount defaultAccount,
      RulesConfig.Settings settings) {
    this(store, bus, memory, RulesConfig.from(settings), Clock.systemUTC());
    LOG.debug("event=rules_configured account={}", defaultAccount.account());
  }

  RulesService(Store store, MessageBus bus, MemoryBudget memory, RulesConfig config, Clock clock) {
    whiteboard = new Whiteboard(clock);
    results = memory.open("rules.results", 5);
    programs = memory.open("rules.programs", 3);
    // At most one task per change of a rule or of a whiteboard waits, and those are throttled.
    control =
        new ThreadPoolExecutor(
            1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(10_000), threads("control"));
    actions =
        new ThreadPoolExecutor(
            config.actionThreads(),
            config.actionThreads(),
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(), // a rule and each of its actions stand in it once at most
            threads("action"));
    actions.allowCoreThreadTimeOut(true);
    timer = new ScheduledThreadPoolExecutor(1, threads("timer"));
    timer.setRemoveOnCancelPolicy(true);
    LaneServices lanes = new LaneServices(results, store, actions, timer, clock, config.delivery());
    engine =
        new RuleEngine(store.table(RuleOperations.TABLE), bus, whiteboard, lanes, config, programs);
    ingest = new BasicIngest(engine, config.mailboxCapacity());
    RolePassing passing = new RolePassing(whiteboard, control);
    RuleOperations calls =
        new RuleOperations(
            store,
            engine,
            whiteboard,
            passing,
            control,
            new RuleCreations(store, control, config.maxRules()),
            programs);
    operations = calls.table();
    desk = new RuleDesk(calls, engine, whiteboard, clock);
  }

  private static ThreadFactory threads(String name) {
    AtomicInteger number = new AtomicInteger();
    ThreadFactory plain = Executors.defaultThreadFactory();
    return task -> {
      Thread thread = plain.newThread(task);
      thread.setName("gatehouse-rules-" + name + "-" + number.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }

  @Activate
  void start() {
    control.execute(engine::start);
  }

  @Deactivate
  void stop() {
    CompletableFuture<Void> stopped =
        CompletableFuture.supplyAsync(engine::stop, control).thenCompose(ends -> ends);
    control.shutdown();
    try {
      stopped.get(STOP_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (TimeoutException | ExecutionException e) {
      LOG.warn("event=rules_stop_slow reason=\"{}\"", e.toString());
    }
    timer.shutdownNow();
    actions.shutdownNow();
    results.close();
    programs.close();
  }

  @Reference(
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      unbind = "unbindActionType")
  void bindActionType(RuleActionType type) {
    whiteboard.actionTypes.add(type);
    changed(() -> engine.refreshUsersOf(type.name()));
  }

  void unbindActionType(RuleActionType type) {
    whiteboard.actionTypes.remove(type);
    changed(() -> engine.refreshUsersOf(type.name()));
  }

  @Reference(
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      unbind = "unbindFunctionSet")
  void bindFunctionSet(FunctionSet set) {
    whiteboard.functionSets.add(set);
    changed(engine::refreshCallers);
  }

  void unbindFunctionSet(FunctionSet set) {
    whiteboard.functionSets.remove(set);
    changed(engine::refreshCallers);
  }

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      unbind = "unbindRoles")
  void bindRoles(Roles roles) {
    whiteboard.roleRights.bind(roles);
  }

  void unbindRoles(Roles roles) {
    whiteboard.roleRights.unbind(roles);
  }

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      unbind = "unbindAuthorizer")
  void bindAuthorizer(Authorizer authorizer) {
    whiteboard.roleRights.bind(authorizer);
  }

  void unbindAuthorizer(Authorizer authorizer) {
    whiteboard.roleRights.unbind(authorizer);
  }

  private void changed(Runnable refresh) {
    try {
      control.execute(refresh);
    } catch (RejectedExecutionException e) {
      LOG.debug("event=rules_refresh_skipped reason=\"the engine stops\"");
    }
  }

  @Override
  public String name() {
    return "rules";
  }

  @Override
  public List<ApiOperation> operations() {
    return operations;
  }

  @Override
  public List<Summary> list(Account account) {
    return desk.list(account);
  }

  @Override
  public Optional<String> describe(Account account, String name) {
    return desk.describe(account, name);
  }

  @Override
  public CompletionStage<Void> enable(Account account, String name, boolean enabled) {
    return desk.enable(account, name, enabled);
  }

  @Override
  public Trial test(
      Account account, String sql, String sqlVersion, TopicName topic, Payload payload) {
    return desk.test(account, sql, sqlVersion, topic, payload);
  }

  @Override
  public Collection<TopicFilter> filters() {
    return BasicIngest.FILTERS;
  }

  @Override
  public Mailbox mailbox() {
    return ingest.mailbox();
  }

  @Override
  public CompletionStage<?> onMessage(Message message) {
    return ingest.onMessage(message);
  }

  @Override
  public List<Metric> metrics() {
    List<Metric> metrics = new ArrayList<>(engine.metrics());
    metrics.add(Metric.gauge("rules_actions_waiting_count", actions.getQueue().size()));
    return metrics;
  }

  @Override
  public Health health() {
    return engine.health();
  }
}
