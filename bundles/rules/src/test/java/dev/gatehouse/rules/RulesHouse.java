package dev.gatehouse.rules;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.http.ApiRequest;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.identity.Arn;
import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.api.identity.Roles;
import dev.gatehouse.api.message.Message;
import dev.gatehouse.api.message.Payload;
import dev.gatehouse.api.message.TopicName;
import dev.gatehouse.api.rules.action.ActionContext;
import dev.gatehouse.api.rules.action.ActionFailure;
import dev.gatehouse.api.rules.action.ActionInput;
import dev.gatehouse.api.rules.action.ActionSettings;
import dev.gatehouse.api.rules.action.ActionTarget;
import dev.gatehouse.api.rules.action.RequiredRight;
import dev.gatehouse.api.rules.action.RuleAction;
import dev.gatehouse.api.rules.action.RuleActionType;
import dev.gatehouse.api.rules.action.Setting;
import dev.gatehouse.api.telemetry.Metric;
import dev.gatehouse.rules.delivery.DeliverySettings;
import dev.gatehouse.testkit.FixedMemory;
import dev.gatehouse.testkit.InMemoryBus;
import dev.gatehouse.testkit.InMemoryStore;
import dev.gatehouse.testkit.OneRole;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The engine on a store and a bus in memory, with an action that notes what it is given. */
abstract class RulesHouse {
  final Passed passed = new Passed();
  static final Account ACCOUNT = new Account("000000000000", "us-east-1");
  static final int MAX_RULES = 30;
  static final String RULE =
      """
      {"sql":"SELECT temp FROM 'a/#' WHERE temp > 50","awsIotSqlVersion":"2016-03-23",
       "actions":[{"note":{"to":"x/${topic(2)}","roleArn":"arn:aws:iam::1:role/r"}}]%s}\
      """;

  final InMemoryStore store = new InMemoryStore();
  final InMemoryBus bus = new InMemoryBus();
  final Notes notes = new Notes();
  FixedMemory memory = new FixedMemory();
  RulesService rules = service();

  @BeforeEach
  void open() {
    rules.bindActionType(notes);
    rules.start();
  }

  @AfterEach
  void close() {
    rules.stop();
  }

  /**
   * Takes every role that is passed, but for 'no'; none may note to secrets, and there is none
   * named 'gone'.
   */
  static final class Passed implements Roles {
    final List<String> arns = new CopyOnWriteArrayList<>();
    final List<String> asked = new CopyOnWriteArrayList<>();
    final OneRole rights =
        new OneRole(
            "any",
            (action, resource) -> {
              asked.add(action + " " + resource);
              return !resource.contains("secret");
            });

    @Override
    public CompletionStage<Void> pass(
        Principal caller, Map<String, String> variables, String roleArn, String service) {
      arns.add(caller.id() + " " + variables + " " + roleArn + " " + service);
      return roleArn.equals("no")
          ? CompletableFuture.failedFuture(new ServiceException(ErrorCode.UNAUTHORIZED, "denied"))
          : CompletableFuture.completedFuture(null);
    }

    @Override
    public Optional<Principal.RoleSession> session(
        Account account, String roleArn, String service, String sessionName) {
      return roleArn.equals("gone")
          ? Optional.empty()
          : Optional.of(new Principal.RoleSession(account, "r", "AROAR", sessionName));
    }
  }

  static String withRole(String role) {
    return "{\"sql\":\"SELECT * FROM 'a'\",\"actions\":[{\"note\":{\"to\":\"x\",\"roleArn\":\""
        + role
        + "\"}}]}";
  }

  RulesService service() {
    RulesService made =
        new RulesService(
            store,
            bus,
            memory,
            new RulesConfig(
                2,
                10,
                MAX_RULES,
                new DeliverySettings(
                    Duration.ofMillis(300),
                    Duration.ofMillis(100),
                    Duration.ofMillis(1),
                    Duration.ofMillis(20),
                    Duration.ofHours(1),
                    1_000,
                    1 << 20)),
            Clock.systemUTC());
    made.bindRoles(passed);
    made.bindAuthorizer(passed.rights);
    return made;
  }

  void assertRefused(String name, String body, String reason) {
    assertThatThrownBy(() -> create(name, body))
        .isInstanceOf(ServiceException.class)
        .hasMessageContaining(reason);
  }

  void create(String name, String body) throws Exception {
    call("CreateTopicRule", name, body, Map.of());
  }

  String call(String operation, String rule, String body, Map<String, String> query)
      throws Exception {
    try {
      return ask(operation, rule, body, query).get(5, TimeUnit.SECONDS);
    } catch (java.util.concurrent.ExecutionException e) {
      throw (Exception) e.getCause();
    }
  }

  CompletableFuture<String> ask(
      String operation, String rule, String body, Map<String, String> query) {
    return ask(operation, rule, body, query, Map.of());
  }

  CompletableFuture<String> ask(
      String operation,
      String rule,
      String body,
      Map<String, String> query,
      Map<String, String> headers) {
    ApiRequest request =
        new ApiRequest(
            ACCOUNT,
            new Principal.Component(ACCOUNT, "test"),
            Map.of("ruleName", rule),
            query,
            headers,
            body.getBytes(UTF_8),
            "127.0.0.1",
            "id",
            Instant.ofEpochSecond(12));
    return rules.operations().stream()
        .filter(candidate -> candidate.name().equals(operation))
        .findFirst()
        .orElseThrow()
        .handler()
        .handle(request)
        .thenApply(response -> new String(response.body(), UTF_8))
        .toCompletableFuture();
  }

  void ingest(String topic, String payload) throws Exception {
    Message message =
        Message.internal(ACCOUNT, "test", new TopicName(topic), Payload.ofText(payload), 1);
    rules.onMessage(message).toCompletableFuture().get(5, TimeUnit.SECONDS);
  }

  double metric(String name) {
    return rules.metrics().stream()
        .filter(metric -> metric.name().equals(name))
        .mapToDouble(Metric::value)
        .sum();
  }

  void publish(String topic, String payload) throws Exception {
    bus.publish(Message.internal(ACCOUNT, "test", new TopicName(topic), Payload.ofText(payload), 1))
        .toCompletableFuture()
        .get(5, TimeUnit.SECONDS);
  }

  /** Notes what it is given. */
  static final class Notes implements RuleActionType {
    final List<String> taken = new CopyOnWriteArrayList<>();
    final List<ActionInput> inputs = new CopyOnWriteArrayList<>();
    final AtomicInteger made = new AtomicInteger();
    volatile int failures;
    volatile boolean hang;

    @Override
    public String name() {
      return "note";
    }

    @Override
    public List<Setting> settings() {
      return List.of(
          Setting.text("to", "Where to.").need().template(),
          Setting.number("times", "How often.").template(),
          Setting.flag("loud", "Whether loudly."),
          Setting.text("form", "Of paper.").oneOf("thin", "thick"),
          Setting.map("labels", "Any labels.").template(),
          Setting.object(
              "by",
              "Of the writer.",
              Setting.text("name", "Name.").need().template(),
              Setting.list("pens", "In use.", Setting.text("ink.color", "").template())),
          new Setting("roleArn", Setting.Type.ROLE, false, false, List.of(), "Role.", List.of()));
    }

    @Override
    public void validate(ActionSettings settings) {
      assertThat(settings.get("to")).isPresent();
    }

    @Override
    public RuleAction create(ActionContext context) {
      made.incrementAndGet();
      return new RuleAction() {
        @Override
        public ActionTarget target(ActionSettings settings) {
          Arn resource = context.account().arn("note", settings.require("to"));
          RequiredRight write = new RequiredRight("note:Write", resource);
          boolean asked = settings.get("roleArn").isPresent();
          return new ActionTarget("res", asked ? List.of(write) : List.of());
        }

        @Override
        public CompletionStage<Void> execute(ActionInput input) {
          if (hang) {
            return new CompletableFuture<>();
          }
          if (input.settings().require("to").equals("bad")) {
            return CompletableFuture.failedFuture(new ActionFailure("no", false, null));
          }
          if (input.settings().require("to").equals("late")) {
            // fails for good when it is tried again, which is after the others were told
            boolean told = taken.stream().anyMatch(text -> text.startsWith("err="));
            return CompletableFuture.failedFuture(
                new ActionFailure(told ? "too late" : "later", !told, null));
          }
          if (failures > 0) {
            failures = failures - 1;
            return CompletableFuture.failedFuture(new ActionFailure("no", true, null));
          }
          inputs.add(input);
          taken.add(input.settings().require("to") + "=" + input.payload().text());
          return CompletableFuture.completedFuture(null);
        }
      };
    }
  }
}
