package dev.gatehouse.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.identity.Authentication;
import dev.gatehouse.api.identity.Decision;
import dev.gatehouse.api.identity.PolicyVariables;
import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.api.identity.PrincipalRights;
import dev.gatehouse.api.identity.Rights;
import dev.gatehouse.api.store.Batch;
import dev.gatehouse.testkit.InMemoryStore;
import dev.gatehouse.testkit.ManualClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RightsTest {
  private static final String TOPIC = "arn:aws:iot:us-east-1:123456789012:topic/a";

  @TempDir private Path directory;
  private Booted booted;
  private JsonNode device;
  private Rights rights;

  @BeforeEach
  void boot() throws Exception {
    booted = new Booted(directory, new InMemoryStore(), new ManualClock(Booted.NOW), "open");
    device = booted.certificate();
    rights = booted.identity.rights(booted.principal(device), Map::of);
  }

  @AfterEach
  void stop() {
    booted.close();
  }

  private Decision publish() {
    return rights.decide("iot:Publish", TOPIC);
  }

  private String arn() {
    return device.get("certificateArn").asText();
  }

  @Test
  void theyFollowEveryChangeByTheNextCall() {
    assertThat(publish()).isEqualTo(Decision.IMPLICITLY_DENIED);
    booted.policy("p", Booted.allow("iot:Publish"));
    long before = rights.revision();
    booted.attach("p", arn());
    assertThat(rights.revision()).isNotEqualTo(before);
    assertThat(publish()).isEqualTo(Decision.ALLOWED);
    booted.call(
        "CreatePolicyVersion",
        Booted.body("policyDocument", Booted.statement("Deny", "iot:*")),
        "path.policyName",
        "p",
        "query.setAsDefault",
        "true");
    assertThat(publish()).isEqualTo(Decision.EXPLICITLY_DENIED);
    booted.call("SetDefaultPolicyVersion", "", "path.policyName", "p", "path.policyVersionId", "1");
    assertThat(publish()).isEqualTo(Decision.ALLOWED);
    booted.call("DetachPolicy", Booted.body("target", arn()), "path.policyName", "p");
    assertThat(publish()).isEqualTo(Decision.IMPLICITLY_DENIED);
  }

  @Test
  void anInactiveCertificateHasNone() {
    booted.policy("p", Booted.allow("*"));
    booted.attach("p", arn());
    assertThat(publish()).isEqualTo(Decision.ALLOWED);
    String id = device.get("certificateId").asText();
    booted.call("UpdateCertificate", "", "path.certificateId", id, "query.newStatus", "INACTIVE");
    assertThat(publish()).isEqualTo(Decision.IMPLICITLY_DENIED);
    booted.call("UpdateCertificate", "", "path.certificateId", id, "query.newStatus", "ACTIVE");
    assertThat(publish()).isEqualTo(Decision.ALLOWED);
  }

  @Test
  void nothingChangesBeforeItIsDurable() {
    booted.policy("p", Booted.allow("iot:Publish"));
    booted.store.hold();
    var attached =
        booted.stage("AttachPolicy", Booted.body("target", arn()), "path.policyName", "p");
    assertThat(publish()).isEqualTo(Decision.IMPLICITLY_DENIED);
    assertThat(attached.toCompletableFuture()).isNotDone();
    booted.store.release();
    assertThat(attached.toCompletableFuture()).isCompleted();
    assertThat(publish()).isEqualTo(Decision.ALLOWED);
  }

  @Test
  void theyAreTheSameAfterARestart() throws Exception {
    booted.policy("p", Booted.allow("iot:Publish"));
    booted.attach("p", arn());
    booted.close();
    booted = new Booted(directory, booted.store, booted.clock, "open");
    rights = booted.identity.rights(booted.principal(device), Map::of);
    assertThat(publish()).isEqualTo(Decision.ALLOWED);
  }

  @Test
  void aStoredDocumentThatCannotBeReadDeniesEverything() throws Exception {
    booted.policy("good", Booted.allow("*"));
    booted.policy("bad", Booted.allow("*"));
    booted.attach("good", arn());
    booted.attach("bad", arn());
    byte[] key = Keys.of(Booted.ACCOUNT, "bad");
    booted.store.commit(
        new Batch()
            .put(
                PolicyIndex.POLICIES,
                key,
                PolicyRecord.first(Booted.ACCOUNT, "bad", "{", 0).stored()));
    booted.close();
    booted = new Booted(directory, booted.store, booted.clock, "");
    rights = booted.identity.rights(booted.principal(device), Map::of);
    assertThat(publish()).isEqualTo(Decision.EXPLICITLY_DENIED);
  }

  @Test
  void variablesOfTheConnectionAreUsed() {
    booted.policy(
        "own",
        """
        {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "iot:Publish",
         "Resource": "arn:aws:iot:us-east-1:123456789012:topic/${iot:ClientId}"}}""");
    booted.attach("own", arn());
    Map<String, String> variables = Map.of("iot:ClientId", "a");
    rights = booted.identity.rights(booted.principal(device), () -> variables);
    assertThat(publish()).isEqualTo(Decision.ALLOWED);
    assertThat(rights.decide("iot:Publish", TOPIC + "b")).isEqualTo(Decision.IMPLICITLY_DENIED);
  }

  private static FakeRegistry registry(boolean attached) {
    return new FakeRegistry(attached ? Set.of("lamp", "other") : Set.of());
  }

  private Decision asThing(boolean attached, String clientId, String topic) {
    booted.identity.setThings(registry(attached));
    return booted
        .identity
        .rights(booted.principal(device), () -> Map.of("iot:ClientId", clientId))
        .decide("iot:Publish", "arn:aws:iot:us-east-1:123456789012:topic/" + topic);
  }

  @Test
  void theThingThatIsNamedAsTheClientIsKnownIfItIsAttached() {
    booted.policy(
        "things",
        """
        {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "iot:Publish",
         "Resource": "arn:aws:iot:us-east-1:123456789012:topic/${iot:Connection.Thing.ThingTypeName}/\
        ${iot:Connection.Thing.Attributes[room]}/${iot:Connection.Thing.ThingName}",
         "Condition": {"Bool": {"iot:Connection.Thing.IsAttached": "true"}}}}""");
    booted.attach("things", arn());
    assertThat(asThing(true, "lamp", "light/hall/lamp")).isEqualTo(Decision.ALLOWED);
    assertThat(asThing(true, "lamp", "light/attic/lamp")).isEqualTo(Decision.IMPLICITLY_DENIED);
    assertThat(asThing(true, "other", "light/hall/lamp")).isEqualTo(Decision.IMPLICITLY_DENIED);
    assertThat(asThing(false, "lamp", "light/hall/lamp")).isEqualTo(Decision.IMPLICITLY_DENIED);
  }

  @Test
  void attachedThingsKeepACertificateFromBeingDeletedOrTransferred() {
    booted.identity.setThings(registry(true));
    String id = device.get("certificateId").asText();
    booted.call("UpdateCertificate", "", "path.certificateId", id, "query.newStatus", "INACTIVE");
    assertThatThrownBy(
            () ->
                booted.call(
                    "DeleteCertificate", "", "path.certificateId", id, "query.forceDelete", "true"))
        .isInstanceOfSatisfying(
            ServiceException.class,
            e -> assertThat(e.code()).isEqualTo(IdentityErrors.DELETE_CONFLICT));
    booted.identity.setThings(registry(false));
    booted.call("DeleteCertificate", "", "path.certificateId", id);
  }

  @Test
  void whatACertificateSaysIsKnown() throws Exception {
    TestCa own = TestCa.named("C=DE,O=Home,OU=Hall,CN=lamp");
    JsonNode made =
        booted.call(
            "RegisterCertificateWithoutCA",
            new com.fasterxml.jackson.databind.ObjectMapper()
                .createObjectNode()
                .put("certificatePem", own.pem())
                .put("status", "ACTIVE")
                .toString());
    booted.policy(
        "names",
        """
        {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "iot:Publish",
         "Resource": "arn:aws:iot:us-east-1:123456789012:topic/${iot:Certificate.Subject.CommonName}",
         "Condition": {"StringEquals": {"iot:Certificate.Issuer.Organization": "Home"}}}}""");
    booted.attach("names", made.get("certificateArn").asText());
    Rights theirs = booted.identity.rights(booted.principal(made), Map::of);
    String topics = "arn:aws:iot:us-east-1:123456789012:topic/";
    assertThat(theirs.decide("iot:Publish", topics + "lamp")).isEqualTo(Decision.ALLOWED);
    assertThat(theirs.decide("iot:Publish", topics + "x")).isEqualTo(Decision.IMPLICITLY_DENIED);
  }

  @Test
  void timeIsAskedForAtEachDecisionAndNoAnswerIsKept() {
    JsonNode certificate = booted.certificate();
    booted.policy(
        "until",
        """
        {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "iot:Publish",
         "Resource": "*", "Condition": {
           "DateLessThan": {"aws:CurrentTime": "2027-03-01T12:00:10Z"},
           "NumericGreaterThan": {"aws:EpochTime": "0"}}}}""");
    booted.attach("until", certificate.get("certificateArn").asText());
    Rights rights = booted.identity.rights(booted.principal(certificate), Map::of);
    assertThat(rights.decide("iot:Publish", TOPIC).allowed()).isTrue();
    long before = rights.revision();
    booted.clock.advance(Duration.ofSeconds(10));
    assertThat(rights.revision()).isNotEqualTo(before);
    assertThat(rights.decide("iot:Publish", TOPIC).allowed()).isFalse();
  }

  @Test
  void rightsThatDoNotAskForTheTimeKeepTheirAnswers() {
    JsonNode certificate = booted.certificate();
    booted.policy("any", Booted.allow("iot:Publish"));
    booted.attach("any", certificate.get("certificateArn").asText());
    Rights rights = booted.identity.rights(booted.principal(certificate), Map::of);
    long before = rights.revision();
    booted.clock.advance(Duration.ofSeconds(10));
    assertThat(rights.revision()).isEqualTo(before);
  }

  @Test
  void namesOfAttributesThatDifferInCaseAreTwo() {
    Known known = new Known(Map.of());
    known.putAttributes(Map.of("room", "hall", "Room", "attic"));
    assertThat(known.one("iot:connection.thing.attributes[room]")).isEqualTo("hall");
    assertThat(known.one("iot:Connection.Thing.Attributes[Room]")).isEqualTo("attic");
    assertThat(known.one("iot:Connection.Thing.Attributes[ROOM]")).isNull();
  }

  @Test
  void anonymousClientsHaveTheOnePolicyThatIsNamed() {
    Principal anonymous = ((Authentication.Accepted) booted.identity.anonymous()).principal();
    Rights theirs = booted.identity.rights(anonymous, Map::of);
    assertThat(theirs.decide("iot:Publish", TOPIC)).isEqualTo(Decision.IMPLICITLY_DENIED);
    booted.policy("open", Booted.allow("iot:Publish"));
    assertThat(theirs.decide("iot:Publish", TOPIC)).isEqualTo(Decision.ALLOWED);
    assertThat(theirs.decide("iot:Subscribe", TOPIC)).isEqualTo(Decision.IMPLICITLY_DENIED);
  }

  @Test
  void componentsMayDoEverythingAndWhomIamKnowsNothingWithoutIt() {
    var account = Booted.ACCOUNT;
    assertThat(decide(new Principal.Component(account, "rules"))).isEqualTo(Decision.ALLOWED);
    assertThat(decide(new Principal.RoleSession(account, "r", "AROA", "s")))
        .isEqualTo(Decision.IMPLICITLY_DENIED);
    assertThat(decide(IDENTITY)).isEqualTo(Decision.IMPLICITLY_DENIED);
    assertThat(decide(new Principal.User(account, "somebody", "AIDA")))
        .isEqualTo(Decision.IMPLICITLY_DENIED);
  }

  private Decision decide(Principal principal) {
    return booted.identity.rights(principal, Map::of).decide("iot:Publish", TOPIC);
  }

  private static final Principal.CognitoIdentity IDENTITY =
      new Principal.CognitoIdentity(Booted.ACCOUNT, "us-east-1:i", true);

  /** Allows everything to everybody. */
  private static final class Generous implements PrincipalRights {
    @Override
    public Rights rights(Principal principal, PolicyVariables variables) {
      return new Rights() {
        @Override
        public Decision decide(String action, String resource) {
          return Decision.ALLOWED;
        }

        @Override
        public long revision() {
          return 7;
        }
      };
    }

    @Override
    public boolean hasIdentity(Account account, String identityId) {
      return identityId.equals(IDENTITY.identityId());
    }
  }

  @Test
  void iamMayComeAndGoWhileAConnectionLasts() {
    Rights theirs =
        booted.identity.rights(new Principal.User(Booted.ACCOUNT, "anna", "AIDA"), Map::of);
    long before = theirs.revision();
    PrincipalRights iam = new Generous();
    booted.identity.addIam(iam);
    assertThat(theirs.revision()).isNotEqualTo(before);
    assertThat(theirs.decide("iot:Publish", TOPIC)).isEqualTo(Decision.ALLOWED);
    booted.identity.removeIam(iam);
    assertThat(theirs.decide("iot:Publish", TOPIC)).isEqualTo(Decision.IMPLICITLY_DENIED);
  }

  @Test
  void anAuthenticatedIdentityNeedsItsOwnPolicyForDataAndTheRoleAloneForTheRest() {
    booted.identity.addIam(new Generous());
    Rights theirs = booted.identity.rights(IDENTITY, Map::of);
    assertThat(theirs.decide("iot:CreateThing", "*")).isEqualTo(Decision.ALLOWED);
    assertThat(theirs.decide("iot:Publish", TOPIC)).isEqualTo(Decision.IMPLICITLY_DENIED);
    assertThat(decide(new Principal.CognitoIdentity(Booted.ACCOUNT, "us-east-1:i", false)))
        .isEqualTo(Decision.ALLOWED);
    booted.policy("p", Booted.allow("iot:Publish"));
    booted.attach("p", IDENTITY.identityId());
    assertThat(theirs.decide("iot:Publish", TOPIC)).isEqualTo(Decision.ALLOWED);
    assertThat(theirs.decide("iot:Subscribe", TOPIC)).isEqualTo(Decision.IMPLICITLY_DENIED);
  }
}
