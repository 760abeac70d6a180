package dev.gatehouse.shadow;

import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.http.ApiModule;
import dev.gatehouse.api.http.ApiOperation;
import dev.gatehouse.api.message.Mailbox;
import dev.gatehouse.api.message.Message;
import dev.gatehouse.api.message.MessageBus;
import dev.gatehouse.api.message.Payload;
import dev.gatehouse.api.message.TopicClaim;
import dev.gatehouse.api.message.TopicFilter;
import dev.gatehouse.api.message.TopicName;
import dev.gatehouse.api.shadow.ShadowName;
import dev.gatehouse.api.shadow.ShadowResult;
import dev.gatehouse.api.shadow.ShadowService;
import dev.gatehouse.api.store.Store;
import dev.gatehouse.api.telemetry.Metric;
import dev.gatehouse.api.telemetry.MetricSource;
import dev.gatehouse.json.Json;
import dev.gatehouse.shadow.ShadowTopics.Method;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.LongAdder;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Device shadows: one service behind MQTT, HTTP and whoever asks from inside. */
@Component(
    immediate = true,
    service = {ShadowService.class, TopicClaim.class, ApiModule.class, MetricSource.class})
public final class Shadows implements ShadowService, TopicClaim, ApiModule, MetricSource {
  private static final Duration VERSION_LIVES = Duration.ofDays(2);
  private static final int MAILBOX = 10_000;

  private final ShadowStore store;
  private final MessageBus bus;
  private final Clock clock;
  private final KeyedOrder<ShadowName> order = new KeyedOrder<>();
  private final LongAdder accepted = new LongAdder();
  private final LongAdder rejected = new LongAdder();
  private final ShadowRequests requests = new ShadowRequests(this);
  private final List<ApiOperation> operations = new ShadowOperations(this).list();

  /** With the system's clock. */
  @Activate
  public Shadows(@Reference Store store, @Reference MessageBus bus) {
    this(store, bus, Clock.systemUTC());
  }

  Shadows(Store store, MessageBus bus, Clock clock) {
    this.store = new ShadowStore(store);
    this.bus = bus;
    this.clock = clock;
  }

  @Override
  public CompletionStage<ShadowResult> update(ShadowName name, byte[] request) {
    UpdateRequest parsed;
    try {
      parsed = UpdateRequest.parse(request);
    } catch (ShadowError e) {
      return rejected(e);
    }
    return order.run(name, () -> apply(name, parsed));
  }

  private CompletionStage<ShadowResult> apply(ShadowName name, UpdateRequest request) {
    ShadowDocument before = current(name);
    ShadowDocument.Applied applied;
    try {
      applied = before.apply(request, clock.millis() / 1000);
    } catch (ShadowError e) {
      return rejected(e);
    }
    ShadowDocument after = applied.document();
    return store
        .save(name, after)
        .thenApply(
            done -> {
              byte[] answer = Json.bytes(accepted(applied, request));
              announce(name, before, applied, request, answer);
              accepted.increment();
              return new ShadowResult.Accepted(answer, after.version());
            });
  }

  /** The shadow, or the number its versions go on from. */
  private ShadowDocument current(ShadowName name) {
    ShadowDocument found = store.load(name);
    boolean forgotten =
        !found.exists() && clock.millis() - found.deletedAtMillis() > VERSION_LIVES.toMillis();
    return forgotten ? ShadowDocument.NONE : found;
  }

  private static ObjectNode accepted(ShadowDocument.Applied applied, UpdateRequest request) {
    ObjectNode answer = Json.object();
    if (request.removesAll()) {
      answer.putNull("state");
    } else {
      answer.set("state", applied.acceptedState());
    }
    answer.set("metadata", applied.acceptedMetadata());
    answer
        .put("version", applied.document().version())
        .put("timestamp", applied.document().timestamp());
    request.clientToken().ifPresent(token -> answer.put("clientToken", token));
    return answer;
  }

  /** Tells of an update: accepted, what differs now, and the documents before and after. */
  private void announce(
      ShadowName name,
      ShadowDocument before,
      ShadowDocument.Applied applied,
      UpdateRequest request,
      byte[] answer) {
    publish(name, ShadowTopics.answer(name, Method.UPDATE, "accepted"), answer);
    ShadowDocument after = applied.document();
    ObjectNode delta = after.delta();
    if (!delta.isEmpty()) {
      ObjectNode message =
          Json.object().put("version", after.version()).put("timestamp", after.timestamp());
      message.set("state", delta);
      message.set("metadata", after.deltaMetadata());
      request.clientToken().ifPresent(token -> message.put("clientToken", token));
      publish(name, ShadowTopics.answer(name, Method.UPDATE, "delta"), Json.bytes(message));
    }
    ObjectNode documents = Json.object();
    documents.set("previous", before.exists() ? snapshot(before) : NullNode.getInstance());
    documents.set("current", snapshot(after));
    documents.put("timestamp", after.timestamp());
    request.clientToken().ifPresent(token -> documents.put("clientToken", token));
    publish(name, ShadowTopics.answer(name, Method.UPDATE, "documents"), Json.bytes(documents));
  }

  private static ObjectNode snapshot(ShadowDocument document) {
    ObjectNode node = Json.object();
    node.set("state", document.state());
    node.set("metadata", document.metadata());
    return node.put("version", document.version());
  }

  void publish(ShadowName name, TopicName topic, byte[] payload) {
    bus.publish(
        Message.internal(name.account(), "shadow", topic, Payload.of(payload), clock.millis()));
  }

  @Override
  public CompletionStage<ShadowResult> get(ShadowName name) {
    return order.run(
        name,
        () -> {
          ShadowDocument document = store.load(name);
          if (!document.exists()) {
            return rejected(missing(name));
          }
          accepted.increment();
          return CompletableFuture.completedFuture(
              new ShadowResult.Accepted(Json.bytes(document.document()), document.version()));
        });
  }

  @Override
  public CompletionStage<ShadowResult> delete(ShadowName name) {
    return delete(name, Optional.empty());
  }

  CompletionStage<ShadowResult> delete(ShadowName name, Optional<String> clientToken) {
    return order.run(
        name,
        () -> {
          ShadowDocument document = store.load(name);
          if (!document.exists()) {
            return rejected(missing(name));
          }
          ObjectNode told =
              Json.object().put("version", document.version()).put("timestamp", seconds());
          clientToken.ifPresent(token -> told.put("clientToken", token));
          byte[] answer = Json.bytes(told);
          return store
              .save(name, document.deleted(clock.millis()))
              .thenApply(
                  done -> {
                    publish(name, ShadowTopics.answer(name, Method.DELETE, "accepted"), answer);
                    accepted.increment();
                    return new ShadowResult.Accepted(answer, document.version());
                  });
        });
  }

  private static ShadowError missing(ShadowName name) {
    return new ShadowError(
        404,
        "No shadow exists with name: '"
            + (name.shadowName().isEmpty() ? name.thingName() : name.shadowName())
            + "'");
  }

  private CompletionStage<ShadowResult> rejected(ShadowError error) {
    rejected.increment();
    return CompletableFuture.completedFuture(new ShadowResult.Rejected(error.code(), error.text()));
  }

  /** Seconds since the epoch. */
  long seconds() {
    return clock.millis() / 1000;
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
        Metric.gauge("shadow_documents", store.size()),
        Metric.gauge("shadow_at_work", order.size()));
  }

  /** The client token of a request, if it is well-formed. */
  static Optional<String> token(byte[] payload) {
    try {
      return UpdateRequest.tokenOf(payload);
    } catch (ShadowError e) {
      return Optional.empty();
    }
  }
}
