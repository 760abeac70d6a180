package dev.gatehouse.shadow;

import dev.gatehouse.api.http.ApiModule;
import dev.gatehouse.api.http.ApiOperation;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.memory.MemoryBudget;
import dev.gatehouse.api.memory.MemoryShare;
import dev.gatehouse.api.message.Mailbox;
import dev.gatehouse.api.message.Message;
import dev.gatehouse.api.message.MessageBus;
import dev.gatehouse.api.message.TopicClaim;
import dev.gatehouse.api.message.TopicFilter;
import dev.gatehouse.api.shadow.ShadowName;
import dev.gatehouse.api.shadow.ShadowResult;
import dev.gatehouse.api.shadow.ShadowService;
import dev.gatehouse.api.store.Store;
import dev.gatehouse.api.telemetry.Metric;
import dev.gatehouse.api.telemetry.MetricSource;
import dev.gatehouse.api.time.PassedTime;
import dev.gatehouse.json.Json;
import dev.gatehouse.shadow.ShadowTopics.Method;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Device shadows: one service behind MQTT, HTTP and whoever asks from inside. */
@Component(
    immediate = true,
    configurationPid = "dev.gatehouse.shadow",
    service = {ShadowService.class, TopicClaim.class, ApiModule.class, MetricSource.class})
@Designate(ocd = ShadowConfig.class)
public final class Shadows implements ShadowService, TopicClaim, ApiModule, MetricSource {
  private static final Logger LOG = LoggerFactory.getLogger(Shadows.class);
  private static final int MAILBOX = 10_000;

  private static final byte[] NO_REQUEST = {};

  private final MemoryShare memory;
  private final Admission admission;
  private final ShadowStore store;
  private final ShadowSettings settings;
  private final Clock clock;
  private final ShadowAnswers answers;
  private final ShadowExpiry expiry;
  private final KeyedOrder<ShadowName> order = new KeyedOrder<>();
  private final LongAdder accepted = new LongAdder();
  private final LongAdder rejected = new LongAdder();
  private final LongAdder crowded = new LongAdder();
  private final LongAdder expired = new LongAdder();
  private final ShadowRequests requests;
  private final List<ApiOperation> operations = new ShadowOperations(this).list();

  /** With the system's clock. */
  @Activate
  public Shadows(
      @Reference Store store,
      @Reference MessageBus bus,
      @Reference MemoryBudget memory,
      ShadowConfig config) {
    this(store, bus, memory, ShadowSettings.of(config), Clock.systemUTC());
    expiry.start(this::expire);
  }

  Shadows(Store store, MessageBus bus, MemoryBudget budget, ShadowSettings settings, Clock clock) {
    memory = budget.open("shadow.requests", 3);
    admission = new Admission(memory);
    this.store = new ShadowStore(store);
    this.settings = settings;
    this.clock = clock;
    answers = new ShadowAnswers(bus, clock);
    expiry = new ShadowExpiry(settings.lifetime(), PassedTime.of(clock));
    requests = new ShadowRequests(this, answers);
  }

  /** Ends the rounds; what is under way is finished by the store. */
  @Deactivate
  public void close() {
    expiry.close();
    memory.close();
  }

  @Override
  public CompletionStage<ShadowResult> update(ShadowName name, byte[] request, int hops) {
    if (hops < 0 || hops > Message.MAX_HOPS) {
      throw new IllegalArgumentException("hops " + hops + " are no message's");
    }
    return work(
        name,
        request,
        row -> RequestCost.update(request, row),
        (row, pass) -> apply(name, row, request, hops, pass));
  }

  /** What is done with a shadow while its memory is taken. */
  private interface Work {
    CompletionStage<ShadowResult> on(ShadowRow row, Admission.Pass pass);
  }

  /** Does a request when those before it on the same shadow are done and there is memory for it. */
  private CompletionStage<ShadowResult> work(
      ShadowName name, byte[] request, ToLongFunction<ShadowRow> cost, Work work) {
    try {
      UpdateRequest.checkRequestSize(request);
    } catch (ShadowError e) {
      return rejected(e);
    }
    long waiting = RequestCost.waiting(request);
    if (!admission.enter(waiting)) {
      crowded.increment();
      return rejected(new ShadowError(429, "Too many requests: they use all memory for shadows"));
    }
    return order
        .run(name, () -> admitted(name, cost, work))
        .whenComplete((result, failure) -> admission.leave(waiting));
  }

  private CompletionStage<ShadowResult> admitted(
      ShadowName name, ToLongFunction<ShadowRow> cost, Work work) {
    ShadowRow row = current(name);
    long bytes = cost.applyAsLong(row);
    Admission.Pass pass = admission.tryBegin(bytes);
    return pass != null
        ? begun(pass, () -> work.on(row, pass))
        // The row is read again: it would take memory while it waits.
        : admission
            .await(bytes)
            .thenCompose(turn -> begun(turn, () -> work.on(current(name), turn)));
  }

  private static CompletionStage<ShadowResult> begun(
      Admission.Pass pass, Supplier<CompletionStage<ShadowResult>> work) {
    CompletionStage<ShadowResult> stage;
    try {
      stage = work.get();
    } catch (RuntimeException e) {
      stage = CompletableFuture.failedFuture(e);
    }
    return stage.whenComplete((result, failure) -> pass.end());
  }

  private CompletionStage<ShadowResult> apply(
      ShadowName name, ShadowRow before, byte[] json, int hops, Admission.Pass pass) {
    ShadowRow row;
    ShadowAnswers.Told told;
    try {
      UpdateRequest request = UpdateRequest.parse(json, settings.maxLevels());
      ShadowDocument.Applied applied = ShadowDocument.of(before).apply(request, answers.seconds());
      row = applied.row();
      told = answers.told(before, applied, request);
    } catch (ShadowError e) {
      return rejected(e);
    }
    pass.keep(RequestCost.durable(row, told));
    return store
        .save(name, row)
        .thenApply(
            done -> {
              answers.publish(name, told, hops);
              accepted.increment();
              return new ShadowResult.Accepted(told.accepted(), row.version());
            });
  }

  /** The shadow, or the number its versions go on from. */
  private ShadowRow current(ShadowName name) {
    ShadowRow found = store.load(name);
    return expiry.isForgotten(found) ? ShadowRow.NONE : found;
  }

  @Override
  public CompletionStage<ShadowResult> get(ShadowName name) {
    return work(
        name,
        NO_REQUEST,
        RequestCost::read,
        (row, pass) -> {
          if (!row.exists()) {
            return rejected(missing(name));
          }
          if (expiry.isUseToBeKept(row)) {
            keepUse(name, row);
          }
          accepted.increment();
          byte[] document = Json.bytes(ShadowDocument.of(row).answer(answers.seconds()));
          return CompletableFuture.completedFuture(
              new ShadowResult.Accepted(document, row.version()));
        });
  }

  /** The get does not wait for it, and goes on when nothing can be written. */
  private void keepUse(ShadowName name, ShadowRow row) {
    store
        .save(name, row.used(answers.seconds()))
        .whenComplete(
            (done, failure) -> {
              if (failure != null) { // the next get tries again
                LOG.debug("event=shadow-use-not-kept thing={}", name.thingName(), failure);
              }
            });
  }

  @Override
  public CompletionStage<ShadowResult> delete(ShadowName name) {
    return delete(name, NO_REQUEST, 0);
  }

  CompletionStage<ShadowResult> delete(ShadowName name, byte[] request, int hops) {
    return work(
        name,
        request,
        RequestCost::read,
        (row, pass) -> {
          if (!row.exists()) {
            return rejected(missing(name));
          }
          byte[] answer = answers.deletion(row, ClientToken.of(request));
          return store
              .save(name, row.deleted(clock.millis()))
              .thenApply(
                  done -> {
                    answers.publish(name, Method.DELETE, "accepted", answer, hops);
                    accepted.increment();
                    return new ShadowResult.Accepted(answer, row.version());
                  });
        });
  }

  @Override
  public List<String> names(Account account, String thingName, String from, int limit) {
    new ShadowName(account, thingName, from); // both are of the right form
    return store.names(account, thingName, from, limit, this::isLiving);
  }

  @Override
  public List<String> things(Account account, String from, int limit) {
    return store.things(account, from, limit, this::isLiving);
  }

  private boolean isLiving(ShadowRow row) {
    return row.exists() && !expiry.isForgotten(row);
  }

  private static ShadowError missing(ShadowName name) {
    String shadow = name.shadowName().isEmpty() ? name.thingName() : name.shadowName();
    return new ShadowError(404, "No shadow exists with name: '" + shadow + "'");
  }

  private CompletionStage<ShadowResult> rejected(ShadowError error) {
    rejected.increment();
    return CompletableFuture.completedFuture(new ShadowResult.Rejected(error.code(), error.text()));
  }

  /** Gives the room of what is gone by itself back. */
  void expire() {
    int count = store.remove(expiry::isForgotten);
    if (count > 0) {
      expired.add(count);
      LOG.info("event=shadows-expired rows={}", count);
    }
  }

  /** Seconds since the epoch. */
  long seconds() {
    return answers.seconds();
  }

  @Override
  public Collection<TopicFilter> filters() {
    return ShadowTopics.requests();
  }

  @Override
  public Mailbox mailbox() {
    return new Mailbox("shadow", MAILBOX, Mailbox.Overflow.REFUSE, true);
  }

  @Override
  public CompletionStage<?> onMessage(Message message) {
    return requests.handle(message);
  }

  @Override
  public String name() {
    return "shadow";
  }

  @Override
  public List<ApiOperation> operations() {
    return operations;
  }

  @Override
  public List<Metric> metrics() {
    return List.of(
        Metric.counter("shadow_accepted_total", accepted.sum()),
        Metric.counter("shadow_rejected_total", rejected.sum()),
        Metric.counter("shadow_refused_for_memory_total", crowded.sum()),
        Metric.counter("shadow_expired_total", expired.sum()),
        Metric.gauge("shadow_documents", store.size()),
        Metric.gauge("shadow_at_work", order.size()));
  }
}
