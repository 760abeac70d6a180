package dev.gatehouse.rules;

import dev.gatehouse.api.http.ApiModule;
import dev.gatehouse.api.http.ApiOperation;
import dev.gatehouse.api.identity.DefaultAccount;
import dev.gatehouse.api.identity.Roles;
import dev.gatehouse.api.message.MessageBus;
import dev.gatehouse.api.rules.action.RuleActionType;
import dev.gatehouse.api.rules.function.FunctionSet;
import dev.gatehouse.api.store.Store;
import dev.gatehouse.api.telemetry.HealthCheck;
import dev.gatehouse.api.telemetry.Metric;
import dev.gatehouse.api.telemetry.MetricSource;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
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
    service = {ApiModule.class, MetricSource.class, HealthCheck.class})
@Designate(ocd = RulesConfig.Settings.class)
public final class RulesService implements ApiModule, MetricSource, HealthCheck {
  private static final Logger LOG = LoggerFactory.getLogger(RulesService.class);

  private final Whiteboard whiteboard = new Whiteboard();
  private final RolePassing passing;
  private final ExecutorService control;
  private final ThreadPoolExecutor actions;
  private final ScheduledThreadPoolExecutor timer;
  private final RuleEngine engine;
  private final List<ApiOperation> operations;

  /** Makes the engine; rules start in {@link #start}, when the whiteboards are filled. */
  @Activate
  public RulesService(
      @Reference Store store,
      @Reference MessageBus bus,
      @Reference DefaultAccount defaultAccount,
      RulesConfig.Settings settings) {
    this(store, bus, RulesConfig.from(settings), Clock.systemUTC());
    LOG.debug("event=rules_configured account={}", defaultAccount.account());
  }

  RulesService(Store store, MessageBus bus, RulesConfig config, Clock clock) {
    // At most one task per change of a rule or of a whiteboard waits, and those are throttled.
    control =
        new ThreadPoolExecutor(
            1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(10_000), threads("control"));
    actions =
        new ThreadPoolExecutor(
            config.actionThreads(),
            config.actionThreads(),
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(config.actionQueue()),
            threads("action"));
    timer = new ScheduledThreadPoolExecutor(1, threads("timer"));
    timer.setRemoveOnCancelPolicy(true);
    ActionRunner runner = new ActionRunner(config, actions, timer);
    engine =
        new RuleEngine(store.table(RuleOperations.TABLE), bus, whiteboard, runner, config, clock);
    passing = new RolePassing(whiteboard, control);
    operations =
        new RuleOperations(store, engine, whiteboard, passing, control, config.maxRules()).table();
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
    control.execute(engine::stop);
    control.shutdown();
    try {
      if (!control.awaitTermination(5, TimeUnit.SECONDS)) {
        LOG.warn("event=rules_stop_slow reason=\"rules did not stop within 5 s\"");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    timer.shutdownNow();
    actions.shutdownNow();
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
    changed(engine::refreshAll);
  }

  void unbindFunctionSet(FunctionSet set) {
    whiteboard.functionSets.remove(set);
    changed(engine::refreshAll);
  }

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      unbind = "unbindRoles")
  void bindRoles(Roles roles) {
    passing.set(roles);
  }

  void unbindRoles(Roles roles) {
    passing.unset(roles);
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
