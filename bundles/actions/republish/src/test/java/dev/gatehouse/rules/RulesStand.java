package dev.gatehouse.rules;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gatehouse.api.http.ApiRequest;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.api.message.MessageBus;
import dev.gatehouse.api.rules.action.RuleActionType;
import dev.gatehouse.rules.delivery.DeliverySettings;
import dev.gatehouse.testkit.FixedMemory;
import dev.gatehouse.testkit.InMemoryStore;
import dev.gatehouse.testkit.OneRole;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** The rules engine on a store in memory, with Basic Ingest. */
public final class RulesStand implements AutoCloseable {
  private final RulesService rules;
  private final Account account;

  /** Starts it. */
  public RulesStand(
      MessageBus bus, Account account, Clock clock, OneRole role, List<RuleActionType> types) {
    this.account = account;
    DeliverySettings delivery =
        new DeliverySettings(
            Duration.ofSeconds(5),
            Duration.ofMillis(200),
            Duration.ofMillis(10),
            Duration.ofSeconds(1),
            Duration.ofHours(1),
            1_000,
            1 << 20);
    rules =
        new RulesService(
            new InMemoryStore(),
            bus,
            new FixedMemory(),
            new RulesConfig(2, 10, 10, delivery),
            clock);
    rules.bindRoles(role);
    rules.bindAuthorizer(role);
    types.forEach(rules::bindActionType);
    rules.start();
    rules
        .filters()
        .forEach(filter -> bus.subscribe(account, filter, rules.mailbox(), rules::onMessage));
  }

  /** Makes a rule, which is at work when this returns. */
  public void create(String name, String document) {
    ApiRequest request =
        new ApiRequest(
            account,
            new Principal.Component(account, "test"),
            Map.of("ruleName", name),
            Map.of(),
            Map.of(),
            document.getBytes(UTF_8),
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
        .join();
  }

  /** The sum of a metric over all rules. */
  public double metric(String name) {
    return rules.metrics().stream()
        .filter(metric -> metric.name().equals(name))
        .mapToDouble(metric -> metric.value())
        .sum();
  }

  @Override
  public void close() {
    rules.stop();
  }
}
