package dev.gatehouse.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.api.http.ApiOperation;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.testkit.InMemoryStore;
import dev.gatehouse.testkit.ManualClock;
import dev.gatehouse.testkit.ResourceLaw;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rights are asked for what a call acts on, however the call spells that. */
final class ResourceLawTest {
  private static final Account OTHER = new Account("210987654321", "us-east-1");
  private static final String CERT = "arn:aws:iot:us-east-1:123456789012:cert/";
  private static final String GROUP = "arn:aws:iot:us-east-1:123456789012:thinggroup/";
  private static final String SAMPLES =
      """
      CreateKeysAndCertificate
      DescribeCertificate path.certificateId=${cert}
      ListCertificates
      ListCertificatesByCA path.caCertificateId=0000000000000000000000000000000000000000000000000000000000000000
      UpdateCertificate path.certificateId=${cert} query.newStatus=INACTIVE
      DeleteCertificate path.certificateId=${idle}
      GetRegistrationCode
      DeleteRegistrationCode
      DescribeCACertificate path.caCertificateId=${ca}
      UpdateCACertificate path.caCertificateId=${ca} query.newStatus=INACTIVE
      DeleteCACertificate path.caCertificateId=${idleca}
      ListCACertificates
      RegisterCertificateWithoutCA body={'certificatePem': '${pem}', 'status': 'ACTIVE'}
      TransferCertificate path.certificateId=${idle} query.targetAwsAccount=210987654321
      AcceptCertificateTransfer path.certificateId=${offered}
      RejectCertificateTransfer path.certificateId=${offered}
      CancelCertificateTransfer path.certificateId=${sent}
      ListOutgoingCertificates
      CreatePolicy path.policyName=new-policy body={'policyDocument': '${document}'}
      GetPolicy path.policyName=${policy}
      DeletePolicy path.policyName=${loose}
      ListPolicies
      CreatePolicyVersion path.policyName=${policy} body={'policyDocument': '${document}'}
      ListPolicyVersions path.policyName=${policy}
      GetPolicyVersion path.policyName=${policy} path.policyVersionId=1
      DeletePolicyVersion path.policyName=${policy} path.policyVersionId=2
      SetDefaultPolicyVersion path.policyName=${policy} path.policyVersionId=2
      AttachPolicy path.policyName=shared body={'target': 'CERT${cert}'}
      AttachPolicy path.policyName=shared body={'target': 'GROUP${group}'}
      DetachPolicy path.policyName=${policytext} body={'target': 'CERT${cert}'}
      DetachPolicy path.policyName=${policytext} body={'target': 'GROUP${group}'}
      ListAttachedPolicies path.target=GROUPgroup query.recursive=true
      ListTargetsForPolicy path.policyName=${policy}
      AttachPrincipalPolicy path.policyName=shared header.x-amzn-iot-principal=CERT${cert}
      DetachPrincipalPolicy path.policyName=shared header.x-amzn-iot-principal=CERT${cert}
      ListPrincipalPolicies header.x-amzn-iot-principal=CERTabsent
      ListPolicyPrincipals header.x-amzn-iot-policy=shared
      GetEffectivePolicies body={'principal': 'CERT${cert}'}
      GetEffectivePolicies body={'principal': 'GROUP${group}'}
      TestAuthorization body={'principal': 'CERT${cert}', 'authInfos': [{'actionType': 'PUBLISH', 'resources': ['*']}]}
      """
          .replace("CERT", CERT)
          .replace("GROUP", GROUP);

  @TempDir Path directory;
  private final List<Booted> booted = new ArrayList<>();
  private final Map<String, ResourceLaw.Names> names = new HashMap<>();
  private InMemoryStore filled;

  @AfterEach
  void close() {
    booted.forEach(Booted::close);
  }

  private Booted boot(InMemoryStore store) {
    try {
      booted.forEach(Booted::close);
      booted.clear();
      Booted gateway = new Booted(directory, store, new ManualClock(Booted.NOW), "");
      gateway.identity.accounts(
          id ->
              List.of(Booted.ACCOUNT, OTHER).stream()
                  .filter(account -> account.id().equals(id))
                  .findFirst());
      gateway.identity.setThings(
          new FakeRegistry(Set.of()).group("group", "").group("secrIKt-group", ""));
      booted.add(gateway);
      return gateway;
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private ResourceLaw.World world() {
    if (filled == null) {
      InMemoryStore store = new InMemoryStore();
      try {
        fill(boot(store));
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
      filled = store;
    }
    InMemoryStore store = filled.copyOfRows();
    return new World(
        boot(store).identity.operations().stream().filter(ResourceLawTest::tried).toList(),
        store,
        new Principal.User(Booted.ACCOUNT, "anna", "AIDA"),
        names,
        List.of("ToldOfAVictim"));
  }

  /** Not those that name no resource and need more than a sample call says. */
  private static boolean tried(ApiOperation operation) {
    return !Set.of("RegisterCACertificate", "RegisterCertificate", "CreateCertificateFromCsr")
        .contains(operation.name());
  }

  private void fill(Booted gateway) throws Exception {
    TestCa ca = TestCa.named("CN=signer");
    names.put("pem", text(CertificateRules.pem(ca.device("CN=new"))));
    names.put("document", text(Booted.allow("iot:Publish")));
    names.put("policytext", text("policy"));
    gateway.policy("shared", Booted.allow("iot:Publish"));
    for (String prefix : List.of("", "secrIKt-")) {
      for (String policy : List.of("policy", "loose")) {
        String secret = prefix.isEmpty() ? "iot:Publish" : "iot:ToldOfAVictim";
        gateway.policy(prefix + policy, Booted.allow(secret));
      }
      gateway.call(
          "CreatePolicyVersion",
          Booted.body("policyDocument", Booted.allow("iot:Publish")),
          "path.policyName",
          prefix + "policy");
      gateway.attach(prefix + "policy", GROUP + prefix + "group");
      gateway.call("GetRegistrationCode", "");
    }
    names.put("policy", names("policy/", "policy", "secrIKt-policy"));
    names.put("loose", names("policy/", "loose", "secrIKt-loose"));
    names.put("group", names("thinggroup/", "group", "secrIKt-group"));
    names.put("cert", certificates(gateway, Booted.ACCOUNT, "ACTIVE"));
    names.put("idle", certificates(gateway, Booted.ACCOUNT, "INACTIVE"));
    names.put("offered", certificates(gateway, OTHER, "INACTIVE"));
    names.put("sent", certificates(gateway, Booted.ACCOUNT, "INACTIVE"));
    gateway.attach("shared", CERT + names.get("cert").mine());
    gateway.attach("secrIKt-policy", CERT + names.get("cert").victim());
    for (String id : List.of(names.get("offered").mine(), names.get("offered").victim())) {
      transfer(gateway, OTHER, id, Booted.ACCOUNT);
    }
    for (String id : List.of(names.get("sent").mine(), names.get("sent").victim())) {
      transfer(gateway, Booted.ACCOUNT, id, OTHER);
    }
    for (String kind : List.of("ca", "idleca")) {
      String mine = gateway.register(TestCa.named("CN=mine " + kind), false);
      String victim = gateway.register(TestCa.named("CN=victim " + kind), false);
      names.put(kind, names("cacert/", mine, victim));
    }
    for (String id : List.of(names.get("idleca").mine(), names.get("idleca").victim())) {
      gateway.call(
          "UpdateCACertificate", "", "path.caCertificateId", id, "query.newStatus", "INACTIVE");
    }
  }

  private static void transfer(Booted gateway, Account from, String id, Account to) {
    gateway.callAs(
        from,
        "TransferCertificate",
        "",
        "path.certificateId",
        id,
        "query.targetAwsAccount",
        to.id());
  }

  private static ResourceLaw.Names text(String text) {
    return ResourceLaw.Names.text(text);
  }

  private static ResourceLaw.Names names(String kind, String mine, String victim) {
    return new ResourceLaw.Names(
        mine, victim, "arn:aws:iot:us-east-1:123456789012:" + kind + victim);
  }

  private static ResourceLaw.Names certificates(Booted gateway, Account account, String status)
      throws Exception {
    TestCa ca = TestCa.named("CN=signer");
    String[] ids = new String[2];
    for (int i = 0; i < 2; i++) {
      String body =
          Booted.body("certificatePem", CertificateRules.pem(ca.device("CN=" + status)))
              .replace("}", ",\"status\":\"" + status + "\"}");
      ids[i] =
          gateway
              .callAs(account, "RegisterCertificateWithoutCA", body)
              .get("certificateId")
              .asText();
    }
    return names("cert/", ids[0], ids[1]);
  }

  private record World(
      List<ApiOperation> operations,
      InMemoryStore store,
      Principal caller,
      Map<String, ResourceLaw.Names> names,
      List<String> secrets)
      implements ResourceLaw.World {}

  @Test
  void rightsAreAskedForWhatACallActsOnHoweverItIsSpelled() {
    assertThat(ResourceLaw.violations(this::world, SAMPLES, 80, 1)).isEmpty();
  }
}
