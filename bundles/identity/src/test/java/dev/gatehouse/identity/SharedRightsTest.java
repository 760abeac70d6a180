package dev.gatehouse.identity;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.api.identity.PolicyVariables;
import dev.gatehouse.api.identity.Rights;
import dev.gatehouse.identity.policy.Policy;
import dev.gatehouse.testkit.InMemoryStore;
import dev.gatehouse.testkit.ManualClock;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the rights of many connections hold once. */
class SharedRightsTest {
  private static final String IOT = "arn:aws:iot:us-east-1:123456789012:";
  private static final String OF_VARIABLE =
      """
      {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "iot:Publish",
       "Resource": "arn:aws:iot:us-east-1:123456789012:topic/${%s}"}}""";

  @TempDir private Path directory;
  private Booted booted;
  private JsonNode lamp;
  private JsonNode plug;

  @BeforeEach
  void boot() throws Exception {
    booted = new Booted(directory, new InMemoryStore(), new ManualClock(Booted.NOW), "open");
    lamp = booted.certificate();
    plug = booted.certificate();
  }

  @AfterEach
  void stop() {
    booted.close();
  }

  private void attach(String policy, JsonNode... devices) {
    for (JsonNode device : devices) {
      booted.attach(policy, device.get("certificateArn").asText());
    }
  }

  private Rights rights(JsonNode device, String clientId) {
    return booted.identity.rights(booted.principal(device), () -> Map.of("iot:ClientId", clientId));
  }

  private static boolean publishes(Rights rights, String topic) {
    return rights.decide("iot:Publish", IOT + "topic/" + topic).allowed();
  }

  private static Snapshot snapshot(Rights rights) {
    return ((CompiledRights) rights).current();
  }

  @Test
  void devicesWithTheSamePoliciesHoldThemOnceAndFollowTheirOwnChanges() {
    booted.policy("p", Booted.allow("iot:Publish"));
    attach("p", lamp, plug);
    Rights one = rights(lamp, "lamp");
    Rights other = rights(plug, "plug");
    assertThat(snapshot(one)).isSameAs(snapshot(other));
    booted.policy("more", Booted.allow("iot:Receive"));
    attach("more", lamp);
    assertThat(snapshot(one)).isNotEqualTo(snapshot(other));
    assertThat(one.decide("iot:Receive", IOT + "topic/a").allowed()).isTrue();
    assertThat(other.decide("iot:Receive", IOT + "topic/a").allowed()).isFalse();
    attach("more", plug);
    assertThat(snapshot(one)).isSameAs(snapshot(other));
    String id = lamp.get("certificateId").asText();
    booted.call("UpdateCertificate", "", "path.certificateId", id, "query.newStatus", "REVOKED");
    assertThat(publishes(one, "a")).isFalse();
    assertThat(publishes(other, "a")).isTrue();
  }

  @Test
  void aPolicyThatAsksForTheClientIsHeldOnceAndTellsClientsApart() {
    booted.policy("own", OF_VARIABLE.formatted("IOT:clientid"));
    attach("own", lamp, plug);
    Rights one = rights(lamp, "lamp");
    Rights other = rights(plug, "plug");
    assertThat(snapshot(one)).isSameAs(snapshot(other));
    assertThat(publishes(one, "lamp")).isTrue();
    assertThat(publishes(one, "plug")).isFalse();
    assertThat(publishes(other, "plug")).isTrue();
    assertThat(publishes(other, "lamp")).isFalse();
  }

  @Test
  void whatWasLookedUpIsOfOneConnection() {
    booted.identity.setThings(new FakeRegistry(Set.of("lamp", "plug")));
    booted.policy("thing", OF_VARIABLE.formatted("iot:Connection.Thing.IsAttached"));
    attach("thing", lamp, plug);
    Rights one = rights(lamp, "lamp");
    Rights other = rights(plug, "nothing");
    assertThat(publishes(one, "true")).isTrue();
    assertThat(publishes(other, "true")).isFalse();
    assertThat(publishes(other, "false")).isTrue();
  }

  @Test
  void variablesAreAskedForOnlyIfAPolicyNeedsThem() {
    AtomicInteger asked = new AtomicInteger();
    PolicyVariables variables =
        () -> {
          asked.incrementAndGet();
          return Map.of("iot:ClientId", "lamp");
        };
    booted.policy("p", Booted.allow("iot:Receive"));
    attach("p", lamp);
    Rights rights = booted.identity.rights(booted.principal(lamp), variables);
    assertThat(publishes(rights, "lamp")).isFalse();
    assertThat(asked).hasValue(0);
    booted.policy("own", OF_VARIABLE.formatted("iot:ClientId"));
    attach("own", lamp);
    assertThat(publishes(rights, "lamp")).isTrue();
    assertThat(asked).hasPositiveValue();
  }

  @Test
  void anonymousClientsAreOnePrincipal() {
    assertThat(booted.identity.anonymous()).isSameAs(booted.identity.anonymous());
  }

  @Test
  void snapshotsOfAnEarlierRevisionAreForgottenAndNoneAreKeptWithoutBound() {
    PolicyIndex index = new PolicyIndex(booted.store);
    Certificates certificates = new Certificates(booted.store, booted.clock);
    PrincipalPolicies source =
        new PrincipalPolicies(
            certificates,
            index,
            new GroupPolicies(index, () -> null),
            new ConnectionFacts(certificates, () -> null),
            booted.clock);
    SharedSnapshots shared = new SharedSnapshots();
    List<Policy> same = List.of(Policy.allowingAll());
    Snapshot first = shared.of(source, 1, same);
    assertThat(shared.of(source, 1, List.copyOf(same))).isSameAs(first);
    assertThat(shared.of(source, 1, List.of(Policy.allowingAll()))).isNotSameAs(first);
    assertThat(shared.size()).isEqualTo(2);
    assertThat(shared.of(source, 2, same).revision()).isEqualTo(2);
    assertThat(shared.size()).isEqualTo(1);
    IntStream.range(0, 1_000).forEach(i -> shared.of(source, 2, List.of(Policy.denyingAll())));
    assertThat(shared.size()).isBetween(1, SharedSnapshots.KEPT);
  }
}
