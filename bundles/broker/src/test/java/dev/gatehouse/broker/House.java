package dev.gatehouse.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.api.message.Message;
import dev.gatehouse.api.message.MessageProperties;
import dev.gatehouse.api.message.Origin;
import dev.gatehouse.api.message.Payload;
import dev.gatehouse.api.message.PublishOutcome;
import dev.gatehouse.api.message.QoS;
import dev.gatehouse.api.message.TopicFilter;
import dev.gatehouse.api.message.TopicName;
import dev.gatehouse.api.message.TraceId;
import dev.gatehouse.api.session.Session;
import dev.gatehouse.api.session.SessionOpening;
import dev.gatehouse.api.session.SessionRequest;
import dev.gatehouse.api.session.SubscribeResult;
import dev.gatehouse.api.session.SubscriptionRequest;
import dev.gatehouse.api.session.SubscriptionRequest.RetainHandling;
import dev.gatehouse.api.session.Will;
import dev.gatehouse.api.session.WillRights;
import dev.gatehouse.broker.BrokerSettings.Limit;
import dev.gatehouse.testkit.FixedMemory;
import dev.gatehouse.testkit.InMemoryStore;
import dev.gatehouse.testkit.ManualClock;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** A broker on a store in memory, with hands on its clock and timer, and what tests say to it. */
final class House implements AutoCloseable {
  static final Account ACCOUNT = new Account("000000000000", "us-east-1");
  static final Principal DEVICE = new Principal.Certificate(ACCOUNT, "aa".repeat(32));
  static final QoS QOS0 = QoS.AT_MOST_ONCE;
  static final QoS QOS1 = QoS.AT_LEAST_ONCE;
  static final QoS QOS2 = QoS.EXACTLY_ONCE;
  static final long HOUR = 3600;

  final InMemoryStore store;
  final ManualClock clock = new ManualClock(Instant.parse("2016-10-01T00:00:00Z"));
  final ManualTimer timer = new ManualTimer();
  final BrokerSettings settings;
  final FixedMemory memory;
  BrokerMemory shares;
  WillRights willRights = (origin, topic, retained) -> true;
  Broker broker;
  private ProcessStore process; // of the broker

  House() {
    this(small());
  }

  House(BrokerSettings settings) {
    this(settings, new FixedMemory());
  }

  House(BrokerSettings settings, FixedMemory memory) {
    this.store = new InMemoryStore();
    this.settings = settings;
    this.memory = memory;
    this.broker = newBroker();
  }

  /** Small enough that every bound can be met. */
  static BrokerSettings small() {
    return new BrokerSettings(
        100,
        20,
        new Limit(500, 1 << 20),
        new Limit(10, 64 << 10),
        0,
        64 << 20,
        new Limit(50, 64 << 10),
        2,
        64,
        Duration.ofSeconds(300),
        true,
        0);
  }

  /** As it is until an edge starts. */
  Broker newBrokerWithoutEdge() {
    shares = new BrokerMemory(memory);
    process = new ProcessStore(store);
    return new Broker(process, shares, settings, clock, timer, () -> {});
  }

  private Broker newBroker() {
    Broker started = newBrokerWithoutEdge();
    started.publishRestoredWills(
        (origin, topic, retained) -> willRights.mayPublish(origin, topic, retained));
    return started;
  }

  /** What kill -9 and a start are to the broker: what it had in memory is gone. */
  void crash() {
    process.kill();
    begin();
  }

  /** An orderly stop, and a start. */
  void restart() {
    broker.stop();
    begin();
  }

  private void begin() {
    timer.forget();
    broker = newBroker();
  }

  /** A connection of a client; started. */
  final class Client {
    final RecordingSink sink = new RecordingSink();
    final Session session;
    final boolean present;

    private Client(SessionRequest request) {
      SessionOpening opening = done(broker.open(request, sink));
      assertThat(opening).isInstanceOf(SessionOpening.Opened.class);
      session = ((SessionOpening.Opened) opening).session();
      present = ((SessionOpening.Opened) opening).present();
      session.start();
    }

    Client subscribe(String filter, QoS qos) {
      // where something is retained, another thread answers
      var answer = subscribe(List.of(wish(filter, qos)));
      assertThat(answer.orTimeout(10, TimeUnit.SECONDS).join())
          .containsExactly(SubscribeResult.values()[qos.ordinal()]);
      return this;
    }

    CompletableFuture<List<SubscribeResult>> subscribe(List<SubscriptionRequest> wishes) {
      CompletableFuture<List<SubscribeResult>> answer = new CompletableFuture<>();
      session.subscribe(wishes, answer);
      return answer;
    }

    PublishOutcome publish(String topic, String text, QoS qos) {
      return done(session.publish(message(topic, text, qos)));
    }

    PublishOutcome publishOnce(int packetId, String topic, String text) {
      return done(session.publish(message(topic, text, QOS2), packetId));
    }
  }

  Client clean(String clientId) {
    return connect(request(clientId, 0));
  }

  Client persistent(String clientId) {
    return connect(request(clientId, HOUR));
  }

  Client connect(SessionRequest request) {
    return new Client(request);
  }

  static SessionRequest request(String clientId, long expirySeconds) {
    return request(clientId, expirySeconds, expirySeconds == 0, 100, null);
  }

  static SessionRequest request(
      String clientId, long expirySeconds, boolean cleanStart, int receiveMaximum, Will will) {
    return new SessionRequest(
        ACCOUNT,
        clientId,
        DEVICE,
        cleanStart,
        expirySeconds,
        receiveMaximum,
        will,
        address("10.0.0.1"));
  }

  static InetAddress address(String text) {
    return new InetSocketAddress(text, 0).getAddress();
  }

  static SubscriptionRequest wish(String filter, QoS qos) {
    return new SubscriptionRequest(
        new TopicFilter(filter), qos, false, false, RetainHandling.SEND_ON_SUBSCRIBE, 0);
  }

  PublishOutcome publish(String topic, String text, QoS qos) {
    return done(broker.publish(message(topic, text, qos)));
  }

  PublishOutcome retain(String topic, String text, QoS qos) {
    return done(broker.publish(retained(topic, text, qos)));
  }

  Message message(String topic, String text, QoS qos) {
    return message(topic, text, qos, false, MessageProperties.NONE);
  }

  Message retained(String topic, String text, QoS qos) {
    return message(topic, text, qos, true, MessageProperties.NONE);
  }

  Message message(
      String topic, String text, QoS qos, boolean retain, MessageProperties properties) {
    return new Message(
        ACCOUNT,
        new TopicName(topic),
        Payload.ofText(text),
        qos,
        retain,
        properties,
        new Origin(DEVICE, "publisher", "10.0.0.2"),
        clock.millis(),
        TraceId.next(),
        0);
  }

  static MessageProperties expiring(long seconds) {
    return new MessageProperties(null, seconds, null, null, null, List.of());
  }

  TopicTrie trie() {
    return broker.realm(ACCOUNT).trie;
  }

  long dropped(Counters.Drop reason) {
    return broker.counters().dropped(reason);
  }

  /** What a stage that must have completed completed with. */
  static <T> T done(CompletionStage<T> stage) {
    CompletableFuture<T> future = stage.toCompletableFuture();
    assertThat(future).isDone();
    return future.join();
  }

  @Override
  public void close() {
    broker.stop();
  }
}
