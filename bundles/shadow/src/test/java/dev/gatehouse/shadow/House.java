package dev.gatehouse.shadow;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.api.message.Message;
import dev.gatehouse.api.message.MessageProperties;
import dev.gatehouse.api.message.Origin;
import dev.gatehouse.api.message.Payload;
import dev.gatehouse.api.message.QoS;
import dev.gatehouse.api.message.TopicName;
import dev.gatehouse.api.message.TraceId;
import dev.gatehouse.api.shadow.ShadowName;
import dev.gatehouse.api.shadow.ShadowResult;
import dev.gatehouse.testkit.FixedMemory;
import dev.gatehouse.testkit.InMemoryBus;
import dev.gatehouse.testkit.InMemoryStore;
import dev.gatehouse.testkit.ManualClock;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Shadows over a store and a bus in memory, at 1 000 seconds after the epoch. */
final class House {
  static final Account ACCOUNT = new Account("123456789012", "us-east-1");
  static final ShadowName BULB = new ShadowName(ACCOUNT, "bulb", "");
  static final String TOPIC = "$aws/things/bulb/shadow/";

  final InMemoryStore store = new InMemoryStore();
  final InMemoryBus bus = new InMemoryBus();
  final FixedMemory memory;
  final ManualClock clock = new ManualClock(Instant.ofEpochSecond(1_000));
  final Shadows shadows;

  House() {
    this(new FixedMemory());
  }

  House(FixedMemory memory) {
    this.memory = memory;
    this.shadows = new Shadows(store, bus, memory, ShadowSettings.GUIDE, clock);
  }

  static <T> T now(CompletionStage<T> stage) {
    return stage.toCompletableFuture().getNow(null);
  }

  ShadowResult update(String request) {
    return now(shadows.update(BULB, Fixtures.bytes(request)));
  }

  /** The answer to an update that is accepted. */
  ObjectNode accepted(String request) {
    return document(update(request));
  }

  static ObjectNode document(ShadowResult result) {
    return Fixtures.tree(((ShadowResult.Accepted) result).document());
  }

  /** What was published under the bulb's shadow, without what was there before. */
  List<ObjectNode> told(String answer) {
    return bus.textsOf(TOPIC + answer).stream()
        .map(text -> Fixtures.tree(text.getBytes(StandardCharsets.UTF_8)))
        .toList();
  }

  CompletionStage<?> ask(String client, String topic, String payload) {
    return ask(client, topic, Payload.ofText(payload.replace('\'', '"')));
  }

  CompletionStage<?> ask(String client, String topic, Payload payload) {
    return ask(ACCOUNT, client, topic, payload);
  }

  CompletionStage<?> ask(Account account, String client, String topic, Payload payload) {
    return shadows.onMessage(request(account, client, topic, payload));
  }

  Message request(Account account, String client, String topic, Payload payload) {
    Principal device = new Principal.Certificate(account, "ab".repeat(32));
    return new Message(
        account,
        new TopicName(topic),
        payload,
        QoS.AT_LEAST_ONCE,
        false,
        MessageProperties.NONE,
        new Origin(device, client, "192.0.2.1"),
        clock.millis(),
        TraceId.next(),
        0);
  }
}
