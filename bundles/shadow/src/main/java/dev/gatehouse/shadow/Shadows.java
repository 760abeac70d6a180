package dev.gatehouse.shadow;

import dev.gatehouse.api.http.ApiModule;
import dev.gatehouse.api.http.ApiOperation;
import dev.gatehouse.api.identity.Account;
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
import dev.gatehouse.json.Json;
import dev.gatehouse.shadow.ShadowTopics.Method;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
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
@Designate(ocd = ShadowConfig.Settings.class)
public final class Shadows implements ShadowService, TopicClaim, ApiModule, MetricSource {
  private static final Logger LOG = LoggerFactory.getLogger(Shadows.class);
  private static final int MAILBOX = 10_000;

  private final ShadowStore store;
  private final ShadowConfig config;
  private final Clock clock;
  private final ShadowAnswers answers;
  private final ShadowExpiry expiry;
  private final KeyedOrder<ShadowName> order = new KeyedOrder<>();
  private final LongAdder accepted = new LongAdder();
  private final LongAdder rejected = new LongAdder();
  private final LongAdder expired = new LongAdder();
  private final ShadowRequests requests;
  private final List<ApiOperation> operations = new ShadowOperations(this).list();

  /** With the system's clock. */
  @Activate
  public Shadows(
      @Reference Store store, @Reference MessageBus bus, ShadowConfig.Settings settings) {
    this(store, bus, ShadowConfig.from(settings), Clock.systemUTC());
    expiry.start(this::expire);
  }

  Shadows(Store store, MessageBus bus, ShadowConfig config, Clock clock) {
    this.store = new ShadowStore(store);
    this.config = config;
    this.clock = clock;
    answers = new ShadowAnswers(bus, clock);
    expiry = new ShadowExpiry(config.lifetime());
    requests = new ShadowRequests(this, answers);
  }

  /** Ends the rounds; what is under way is finished by the store. */
  @Deactivate
  public void close() {
    expiry.close();
  }

  @Override
  public CompletionStage<ShadowResult> update(ShadowName name, byte[] request, int hops) {
    if (hops < 0 || hops > Message.MAX_HOPS) {
      throw new IllegalArgumentException("hops " + hops + " are no message's");
    }
    UpdateRequest parsed;
    try {
      parsed = UpdateRequest.parse(request, config.maxLevels());
    } catch (ShadowError e) {
      return rejected(e);
    }
    return order.run(name, () -> apply(name, parsed, hops));
  }

  private CompletionStage<ShadowResult> apply(ShadowName name, UpdateRequest request, int hops) {
    ShadowRow before = current(name);
    ShadowDocument.Applied applied;
    try {
      applied = ShadowDocument.of(before).apply(request, answers.seconds());
    } catch (ShadowError e) {
      return rejected(e);
    }
    return store
        .save(name, applied.row())
        .thenApply(
            done -> {
              byte[] answer = answers.updated(name, before, applied, request, hops);
              accepted.increment();
              return new ShadowResult.Accepted(answer, applied.row().version());
            });
  }

  /** The shadow, or the number its versions go on from. */
  private ShadowRow current(ShadowName name) {
    ShadowRow found = store.load(name);
    return expiry.isForgotten(found, clock.millis()) ? ShadowRow.NONE : found;
  }

  @Override
  public CompletionStage<ShadowResult> get(ShadowName name) {
    return order.run(
        name,
        () -> {
          ShadowRow row = current(name);
          if (!row.exists()) {
            return rejected(missing(name));
          }
          if (expiry.isUseToBeKept(row, clock.millis())) {
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
                LOG.debug("event=shadow_use_not_kept thing={}", name.thingName(), failure);
              }
            });
  }

  @Override
  public CompletionStage<ShadowResult> delete(ShadowName name) {
    return delete(name, Optional.empty(), 0);
  }

  CompletionStage<ShadowResult> delete(ShadowName name, Optional<String> clientToken, int hops) {
    return order.run(
        name,
        () -> {
          ShadowRow row = current(name);
          if (!row.exists()) {
            return rejected(missing(name));
          }
          byte[] answer = answers.deletion(row, clientToken);
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
    return store.names(account, thingName, from, limit, living());
  }

  @Override
  public List<String> things(Account account, String from, int limit) {
    return store.things(account, from, limit, living());
  }

  private Predicate<ShadowRow> living() {
    long now = clock.millis();
    return row -> row.exists() && !expiry.isForgotten(row, now);
  }

  private static ShadowError missing(ShadowName name) {
    return new ShadowError(
        404,
        name.shadowName().isEmpty()
            ? "Thing not found"
            : "No shadow exists with name: '" + name.shadowName() + "'");
  }

  private CompletionStage<ShadowResult> rejected(ShadowError error) {
    rejected.increment();
    return CompletableFuture.completedFuture(new ShadowResult.Rejected(error.code(), error.text()));
  }

  /** Gives the room of what is gone by itself back. */
  void expire() {
    long now = clock.millis();
    int count = store.remove(row -> expiry.isForgotten(row, now));
    if (count > 0) {
      expired.add(count);
      LOG.info("event=shadows_expired rows={}", count);
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
        Metric.counter("shadow_expired_total", expired.sum()),
        Metric.gauge("shadow_documents", store.size()),
        Metric.gauge("shadow_at_work", order.size()));
  }
}
