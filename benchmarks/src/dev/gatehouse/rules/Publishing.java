package dev.gatehouse.rules;

import dev.gatehouse.api.http.ApiRequest;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.api.message.Message;
import dev.gatehouse.api.message.Payload;
import dev.gatehouse.api.message.QoS;
import dev.gatehouse.api.message.TopicName;
import dev.gatehouse.api.rules.action.ActionContext;
import dev.gatehouse.api.rules.action.ActionInput;
import dev.gatehouse.api.rules.action.ActionSettings;
import dev.gatehouse.api.rules.action.ActionTarget;
import dev.gatehouse.api.rules.action.RuleAction;
import dev.gatehouse.api.rules.action.RuleActionType;
import dev.gatehouse.api.rules.action.Setting;
import dev.gatehouse.broker.Broker;
import dev.gatehouse.rules.delivery.DeliverySettings;
import dev.gatehouse.testkit.FixedMemory;
import dev.gatehouse.testkit.InMemoryStore;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Constructor;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.LongAdder;

/** What one PUBLISH that one rule matches costs the whole process, with one rule and with many. */
final class Publishing implements AutoCloseable {
  private static final Account ACCOUNT = new Account("000000000000", "us-east-1");
  private static final int ROUNDS = 9;
  private static final int MESSAGES = 100_000;
  private static final int WINDOW = 100;
  private static final byte[] PAYLOAD =
      "{\"deviceid\":\"iot123\",\"temp\":54.98,\"humidity\":32.43}"
          .getBytes(StandardCharsets.UTF_8);

  private final Broker broker;
  private final RulesService rules;
  private final Count count = new Count();

  private Publishing(int number) throws Exception {
    InMemoryStore store = new InMemoryStore();
    broker = broker(store);
    Duration second = Duration.ofSeconds(1);
    DeliverySettings delivery =
        new DeliverySettings(
            Duration.ofSeconds(5), second, second, second, Duration.ofHours(1), 1_000, 1 << 24);
    rules =
        new RulesService(
            store,
            broker,
            new FixedMemory(),
            new RulesConfig(1, 1_000, 1_000, delivery),
            Clock.systemUTC());
    rules.bindActionType(count);
    rules.start();
    for (int i = 0; i < number; i++) {
      create(i);
    }
  }

  private static Broker broker(InMemoryStore store) throws ReflectiveOperationException {
    for (Constructor<?> constructor : Broker.class.getConstructors()) {
      Class<?> config = constructor.getParameterTypes()[1];
      Object defaults =
          Proxy.newProxyInstance(
              config.getClassLoader(),
              new Class<?>[] {config},
              (proxy, method, arguments) -> method.getDefaultValue());
      return (Broker) constructor.newInstance(store, defaults);
    }
    throw new IllegalStateException("the broker has no public constructor");
  }

  private void create(int number) throws Exception {
    String body =
        "{\"sql\":\"SELECT temp FROM 'bench/"
            + number
            + "/+' WHERE temp > 50\",\"actions\":[{\"count\":{}}]}";
    ApiRequest request =
        new ApiRequest(
            ACCOUNT,
            new Principal.Component(ACCOUNT, "bench"),
            Map.of("ruleName", "r" + number),
            Map.of(),
            Map.of(),
            body.getBytes(StandardCharsets.UTF_8),
            "127.0.0.1",
            "id",
            Instant.EPOCH);
    rules.operations().stream()
        .filter(operation -> operation.name().equals("CreateTopicRule"))
        .findFirst()
        .orElseThrow()
        .handler()
        .handle(request)
        .toCompletableFuture()
        .get();
  }

  static void run(int many, double bound) throws Exception {
    try (Publishing one = new Publishing(1);
        Publishing more = new Publishing(many)) {
      one.round(0);
      more.round(many / 2);
      double[] single = new double[ROUNDS];
      double[] ratios = new double[ROUNDS];
      double[] crowded = new double[ROUNDS];
      for (int i = 0; i < ROUNDS; i++) {
        single[i] = one.round(0);
        crowded[i] = more.round(many / 2);
        ratios[i] = crowded[i] / single[i];
      }
      Arrays.sort(single);
      Arrays.sort(crowded);
      Arrays.sort(ratios);
      double ratio = ratios[ROUNDS / 2];
      System.out.printf(
          "publish, 1 rule matches      %.2f us of CPU with 1 rule, %.2f us with %,d: ratio %.2f"
              + " (%.2f to %.2f)  bound %.1f: %s%n",
          single[ROUNDS / 2],
          crowded[ROUNDS / 2],
          many,
          ratio,
          ratios[0],
          ratios[ROUNDS - 1],
          bound,
          ratio <= bound ? "met" : "MISSED");
    }
  }

  /** Microseconds of the process for each message. */
  private double round(int rule) throws Exception {
    long before = count.taken.sum();
    long start = cpu();
    List<CompletableFuture<?>> underWay = new ArrayList<>();
    for (int i = 0; i < MESSAGES; i++) {
      underWay.add(broker.publish(message(rule, i)).toCompletableFuture());
      if (underWay.size() == WINDOW) {
        for (CompletableFuture<?> outcome : underWay) {
          outcome.get();
        }
        underWay.clear();
      }
    }
    double cost = (cpu() - start) / 1e3 / MESSAGES;
    if (count.taken.sum() - before != MESSAGES) {
      throw new IllegalStateException(
          "the action ran " + (count.taken.sum() - before) + " times for " + MESSAGES);
    }
    return cost;
  }

  /** To one of twenty topics of the rule. */
  private static Message message(int rule, int number) {
    return Message.internal(
            ACCOUNT,
            "bench",
            new TopicName("bench/" + rule + "/" + number % 20),
            Payload.of(PAYLOAD),
            1)
        .withQos(QoS.AT_LEAST_ONCE);
  }

  private static long cpu() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  @Override
  public void close() {
    rules.stop(); // the broker's threads are daemons, and the process ends soon
  }

  /** Counts what it is given. */
  private static final class Count implements RuleActionType {
    final LongAdder taken = new LongAdder();

    @Override
    public String name() {
      return "count";
    }

    @Override
    public List<Setting> settings() {
      return List.of();
    }

    @Override
    public RuleAction create(ActionContext context) {
      return new RuleAction() {
        @Override
        public ActionTarget target(ActionSettings settings) {
          return new ActionTarget("count", List.of());
        }

        @Override
        public CompletionStage<Void> execute(ActionInput input) {
          taken.increment();
          return CompletableFuture.completedFuture(null);
        }
      };
    }
  }
}
