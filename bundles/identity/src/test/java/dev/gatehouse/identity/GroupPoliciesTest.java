package dev.gatehouse.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.identity.Decision;
import dev.gatehouse.api.identity.Rights;
import dev.gatehouse.testkit.InMemoryStore;
import dev.gatehouse.testkit.ManualClock;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GroupPoliciesTest {
  private static final String IOT = "arn:aws:iot:us-east-1:123456789012:";
  private static final String HOUSE = IOT + "thinggroup/house";
  private static final String HALL = IOT + "thinggroup/hall";

  @TempDir private Path directory;
  private final FakeRegistry things =
      new FakeRegistry(Set.of("lamp")).group("house", "").group("hall", "house").group("attic", "");
  private final InMemoryStore store = new InMemoryStore();
  private Booted booted;
  private String arn;
  private Rights rights;

  @BeforeEach
  void boot() throws Exception {
    booted = new Booted(directory, store, new ManualClock(Booted.NOW), "");
    booted.identity.setThings(things);
    JsonNode device = booted.certificate();
    arn = device.get("certificateArn").asText();
    rights = rights(device, "lamp");
    booted.policy("p", Booted.allow("iot:Publish"));
  }

  @AfterEach
  void stop() {
    booted.close();
  }

  private Rights rights(JsonNode device, String clientId) {
    return booted.identity.rights(booted.principal(device), () -> Map.of("iot:ClientId", clientId));
  }

  private boolean publishes() {
    return rights.decide("iot:Publish", IOT + "topic/a") == Decision.ALLOWED;
  }

  @Test
  void theyHoldForTheThingsOfAGroupAndOfThoseBelowIt() {
    booted.attach("p", HOUSE);
    assertThat(publishes()).isFalse();
    things.join("hall");
    assertThat(publishes()).as("by the next packet").isTrue();
    things.leave("hall");
    assertThat(publishes()).isFalse();
    things.join("house");
    assertThat(publishes()).isTrue();
    booted.call("DetachPolicy", Booted.body("target", HOUSE), "path.policyName", "p");
    assertThat(publishes()).isFalse();
    booted.attach("p", HALL);
    assertThat(publishes()).as("the group below is not the thing's").isFalse();
  }

  @Test
  void theyHoldOnlyForWhoConnectsAsAThingItIsAttachedTo() {
    things.join("house");
    booted.attach("p", HOUSE);
    assertThat(publishes()).isTrue();
    long before = rights.revision();
    things.attached(Set.of());
    assertThat(rights.revision()).isNotEqualTo(before);
    assertThat(publishes()).isFalse();
    things.attached(Set.of("lamp", "other"));
    assertThat(publishes()).isTrue();
    rights = rights(booted.certificate(), "other");
    assertThat(publishes()).isFalse();
  }

  @Test
  void aDenyOfAGroupWinsOverTheCertificatesOwnPolicy() {
    booted.attach("p", arn);
    things.join("hall");
    assertThat(publishes()).isTrue();
    booted.policy("mute", Booted.statement("Deny", "*"));
    booted.attach("mute", HOUSE);
    assertThat(rights.decide("iot:Publish", IOT + "topic/a")).isEqualTo(Decision.EXPLICITLY_DENIED);
  }

  @Test
  void withoutSuchPoliciesTheRegistryIsNotAsked() {
    booted.attach("p", arn);
    things.join("house");
    assertThat(publishes()).isTrue();
    long before = rights.revision();
    things.leave("house");
    assertThat(rights.revision()).isEqualTo(before);
    assertThat(things.asked).isZero();
  }

  @Test
  void theyHoldAfterARestartUntilTheGroupIsGone() throws Exception {
    things.join("house");
    booted.attach("p", HOUSE);
    booted.close();
    booted = new Booted(directory, store, new ManualClock(Booted.NOW), "");
    booted.identity.setThings(things);
    rights = rights(booted.certificate(), "lamp");
    assertThat(publishes()).isTrue();
    booted.identity.clear(Booted.ACCOUNT, HOUSE).toCompletableFuture().join();
    assertThat(publishes()).isFalse();
    assertThat(attached(HOUSE, "false")).isEmpty();
  }

  private List<String> attached(String target, String recursive) {
    return booted
        .call("ListAttachedPolicies", "", "path.target", target, "query.recursive", recursive)
        .get("policies")
        .findValuesAsText("policyName");
  }

  private List<String> effective(String body, String... query) {
    return booted
        .call("GetEffectivePolicies", body, query)
        .get("effectivePolicies")
        .findValuesAsText("policyName");
  }

  @Test
  void theOperationsTellThem() {
    things.join("hall");
    booted.policy("own", Booted.allow("iot:Connect"));
    booted.attach("own", arn);
    booted.attach("p", HOUSE);
    assertThat(attached(HALL, "false")).isEmpty();
    assertThat(attached(HALL, "true")).containsExactly("p");
    assertThat(effective(Booted.body("principal", arn))).containsExactly("own");
    assertThat(effective(Booted.body("principal", HALL))).containsExactly("p");
    assertThat(effective("{}", "query.thingName", "lamp")).containsExactly("p");
    String[] lamp = {"query.thingName", "lamp"};
    assertThat(effective(Booted.body("principal", arn), lamp)).containsExactly("own", "p");
    things.attached(Set.of());
    assertThat(effective(Booted.body("principal", arn), lamp)).containsExactly("own");
  }

  @Test
  void whatIsNotThereIsRefusedByName() {
    String cellar = IOT + "thinggroup/cellar";
    for (String operation : List.of("AttachPolicy", "GetEffectivePolicies")) {
      String body = "{\"target\": \"%s\", \"principal\": \"%s\"}".formatted(cellar, cellar);
      refused(ErrorCode.RESOURCE_NOT_FOUND, operation, body, "path.policyName", "p");
    }
    refused(
        ErrorCode.RESOURCE_NOT_FOUND, "GetEffectivePolicies", "{}", "query.thingName", "cellar");
    String elsewhere = Booted.body("target", HOUSE.replace("1234", "4321"));
    refused(ErrorCode.INVALID_REQUEST, "AttachPolicy", elsewhere, "path.policyName", "p");
  }

  private void refused(ErrorCode code, String operation, String body, String... parameters) {
    assertThatThrownBy(() -> booted.call(operation, body, parameters))
        .isInstanceOfSatisfying(ServiceException.class, e -> assertThat(e.code()).isEqualTo(code));
  }
}
