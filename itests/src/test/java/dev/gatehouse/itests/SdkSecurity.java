package dev.gatehouse.itests;

import static dev.gatehouse.itests.AwsStand.SECOND;
import static dev.gatehouse.itests.SdkClients.ARN;
import static dev.gatehouse.itests.SdkRegistry.assertFresh;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.util.List;
import software.amazon.awssdk.services.iot.IotClient;
import software.amazon.awssdk.services.iot.model.ActionType;
import software.amazon.awssdk.services.iot.model.AuthDecision;
import software.amazon.awssdk.services.iot.model.AuthInfo;
import software.amazon.awssdk.services.iot.model.AuthResult;
import software.amazon.awssdk.services.iot.model.AutoRegistrationStatus;
import software.amazon.awssdk.services.iot.model.CACertificateStatus;
import software.amazon.awssdk.services.iot.model.Certificate;
import software.amazon.awssdk.services.iot.model.CertificateDescription;
import software.amazon.awssdk.services.iot.model.CertificateMode;
import software.amazon.awssdk.services.iot.model.CertificateStateException;
import software.amazon.awssdk.services.iot.model.CertificateStatus;
import software.amazon.awssdk.services.iot.model.CertificateValidationException;
import software.amazon.awssdk.services.iot.model.CreateKeysAndCertificateResponse;
import software.amazon.awssdk.services.iot.model.DeleteConflictException;
import software.amazon.awssdk.services.iot.model.EffectivePolicy;
import software.amazon.awssdk.services.iot.model.MalformedPolicyException;
import software.amazon.awssdk.services.iot.model.OutgoingCertificate;
import software.amazon.awssdk.services.iot.model.Policy;
import software.amazon.awssdk.services.iot.model.PolicyVersion;
import software.amazon.awssdk.services.iot.model.RegistrationCodeValidationException;
import software.amazon.awssdk.services.iot.model.ResourceAlreadyExistsException;
import software.amazon.awssdk.services.iot.model.ResourceNotFoundException;
import software.amazon.awssdk.services.iot.model.TransferAlreadyCompletedException;

/** Certificates, CAs, transfers and policies by the SDK. */
final class SdkSecurity {
  private final AwsStand stand;
  private final IotClient iot;
  private final IotClient theirs;

  SdkSecurity(SdkClients clients) {
    this.stand = clients.stand();
    this.iot = clients.iot;
    this.theirs = clients.client(IotClient.builder(), clients.second());
  }

  private static CertificateDescription described(IotClient by, String id) {
    return by.describeCertificate(c -> c.certificateId(id)).certificateDescription();
  }

  private static void remove(IotClient by, String id) {
    by.updateCertificate(c -> c.certificateId(id).newStatus(CertificateStatus.INACTIVE));
    by.deleteCertificate(c -> c.certificateId(id));
  }

  void certificates() {
    CreateKeysAndCertificateResponse made = iot.createKeysAndCertificate(c -> c.setAsActive(true));
    String own = made.certificateId();
    assertThat(made.keyPair().privateKey()).contains("BEGIN RSA PRIVATE KEY");
    assertThat(made.keyPair().publicKey()).contains("BEGIN PUBLIC KEY");
    CertificateDescription found = described(iot, own);
    assertThat(found.certificateArn()).isEqualTo(ARN + "cert/" + own);
    assertThat(found.status()).isEqualTo(CertificateStatus.ACTIVE);
    assertThat(found.certificatePem()).isEqualTo(made.certificatePem());
    assertThat(found.ownedBy()).isEqualTo("000000000000");
    assertThat(found.certificateMode()).isEqualTo(CertificateMode.DEFAULT);
    assertThat(found.customerVersion()).isEqualTo(1);
    assertFresh(found.creationDate(), found.lastModifiedDate());
    assertThat(found.validity().notAfter()).isAfter(found.validity().notBefore());
    String csr = stand.request("csr", "/CN=asked");
    String other =
        iot.createCertificateFromCsr(c -> c.certificateSigningRequest(csr)).certificateId();
    assertThat(
            iot.listCertificatesPaginator(c -> c.pageSize(1).ascendingOrder(true)).certificates())
        .extracting(Certificate::certificateId)
        .containsExactly(own, other);
    assertThatThrownBy(() -> iot.deleteCertificate(c -> c.certificateId(own)))
        .isInstanceOf(CertificateStateException.class);
    remove(iot, own);
    remove(iot, other);
    assertThatThrownBy(() -> described(iot, own)).isInstanceOf(ResourceNotFoundException.class);
  }

  void authorities() {
    String works = stand.authority("works");
    String old = iot.getRegistrationCode(c -> {}).registrationCode();
    iot.deleteRegistrationCode(c -> {});
    String code = iot.getRegistrationCode(c -> {}).registrationCode();
    String late = stand.signed("late", "/CN=" + old, "works");
    assertThatThrownBy(
            () ->
                iot.registerCACertificate(
                    c -> c.caCertificate(works).verificationCertificate(late)))
        .isInstanceOf(RegistrationCodeValidationException.class);
    String proof = stand.signed("proof", "/CN=" + code, "works");
    String ca =
        iot.registerCACertificate(
                c -> c.caCertificate(works).verificationCertificate(proof).setAsActive(true))
            .certificateId();
    var found = iot.describeCACertificate(c -> c.certificateId(ca)).certificateDescription();
    assertThat(found.status()).isEqualTo(CACertificateStatus.ACTIVE);
    assertThat(found.autoRegistrationStatus()).isEqualTo(AutoRegistrationStatus.DISABLE);
    assertThat(found.certificatePem()).isEqualTo(works);
    assertFresh(found.creationDate(), found.lastModifiedDate());
    assertThat(found.validity().notAfter()).isAfter(found.validity().notBefore());
    var listed =
        iot.listCACertificatesPaginator(c -> c.pageSize(5)).certificates().stream().toList();
    assertThat(listed).hasSize(1);
    assertThat(listed.get(0).certificateArn()).isEqualTo(ARN + "cacert/" + ca);

    String lamp = stand.signed("lamp", "/CN=lamp", "works");
    String leaf =
        iot.registerCertificate(
                c ->
                    c.certificatePem(lamp).caCertificatePem(works).status(CertificateStatus.ACTIVE))
            .certificateId();
    assertThat(described(iot, leaf).caCertificateId()).isEqualTo(ca);
    assertThat(iot.listCertificatesByCA(c -> c.caCertificateId(ca)).certificates())
        .extracting(Certificate::certificateId)
        .containsExactly(leaf);
    String alone = stand.authority("alone");
    String single = iot.registerCertificateWithoutCA(c -> c.certificatePem(alone)).certificateId();
    assertThatThrownBy(() -> iot.registerCertificateWithoutCA(c -> c.certificatePem(alone)))
        .isInstanceOfSatisfying(
            ResourceAlreadyExistsException.class,
            e -> assertThat(e.resourceId()).isEqualTo(single));
    assertThatThrownBy(() -> iot.registerCertificateWithoutCA(c -> c.certificatePem("x")))
        .isInstanceOf(CertificateValidationException.class);
    iot.updateCACertificate(
        c ->
            c.certificateId(ca)
                .newStatus(CACertificateStatus.INACTIVE)
                .newAutoRegistrationStatus(AutoRegistrationStatus.ENABLE));
    iot.deleteCACertificate(c -> c.certificateId(ca));
    remove(iot, leaf);
    remove(iot, single);
  }

  private void send(String id) {
    assertThat(
            iot.transferCertificate(
                    c -> c.certificateId(id).targetAwsAccount(SECOND).transferMessage("yours"))
                .transferredCertificateArn())
        .isEqualTo("arn:aws:iot:us-east-1:" + SECOND + ":cert/" + id);
  }

  void transfers() {
    String own = iot.createKeysAndCertificate(c -> {}).certificateId();
    send(own);
    List<OutgoingCertificate> out =
        iot.listOutgoingCertificatesPaginator().outgoingCertificates().stream().toList();
    assertThat(out).hasSize(1);
    assertThat(out.get(0).certificateId()).isEqualTo(own);
    assertThat(out.get(0).transferredTo()).isEqualTo(SECOND);
    assertThat(out.get(0).transferMessage()).isEqualTo("yours");
    assertFresh(out.get(0).transferDate(), out.get(0).creationDate());
    theirs.rejectCertificateTransfer(c -> c.certificateId(own).rejectReason("no"));
    assertThat(described(iot, own).transferData().rejectReason()).isEqualTo("no");
    assertFresh(described(iot, own).transferData().rejectDate());
    send(own);
    iot.cancelCertificateTransfer(c -> c.certificateId(own));
    assertThatThrownBy(() -> iot.cancelCertificateTransfer(c -> c.certificateId(own)))
        .isInstanceOf(TransferAlreadyCompletedException.class);
    send(own);
    theirs.acceptCertificateTransfer(c -> c.certificateId(own).setAsActive(true));
    assertThat(described(theirs, own).status()).isEqualTo(CertificateStatus.ACTIVE);
    assertThat(described(theirs, own).previousOwnedBy()).isEqualTo("000000000000");
    remove(theirs, own);
  }

  private static String allow(String action) {
    return Device.allow(action);
  }

  void policies() {
    Policy policy = Policy.builder().policyName("p").policyArn(ARN + "policy/p").build();
    var made = iot.createPolicy(p -> p.policyName("p").policyDocument(allow("iot:Connect")));
    assertThat(made.policyArn()).isEqualTo(policy.policyArn());
    assertThat(made.policyVersionId()).isEqualTo("1");
    assertThatThrownBy(() -> iot.createPolicy(p -> p.policyName("bad").policyDocument("{}")))
        .isInstanceOf(MalformedPolicyException.class);
    var next =
        iot.createPolicyVersion(
            p -> p.policyName("p").policyDocument(allow("iot:*")).setAsDefault(true));
    assertThat(next.isDefaultVersion()).isTrue();
    assertThat(next.policyVersionId()).isEqualTo("2");
    assertThat(iot.listPolicyVersions(p -> p.policyName("p")).policyVersions())
        .extracting(PolicyVersion::versionId, PolicyVersion::isDefaultVersion)
        .containsExactlyInAnyOrder(tuple("1", false), tuple("2", true));
    var first = iot.getPolicyVersion(p -> p.policyName("p").policyVersionId("1"));
    assertThat(first.policyDocument()).isEqualTo(allow("iot:Connect"));
    assertThat(first.isDefaultVersion()).isFalse();
    assertFresh(first.creationDate(), first.lastModifiedDate());
    iot.setDefaultPolicyVersion(p -> p.policyName("p").policyVersionId("1"));
    iot.deletePolicyVersion(p -> p.policyName("p").policyVersionId("2"));
    var found = iot.getPolicy(p -> p.policyName("p"));
    assertThat(found.defaultVersionId()).isEqualTo("1");
    assertThat(found.policyDocument()).isEqualTo(allow("iot:Connect"));
    assertFresh(found.creationDate(), found.lastModifiedDate());
    assertThat(iot.listPoliciesPaginator(p -> p.pageSize(5)).policies()).containsExactly(policy);
    attached(policy);
    iot.deletePolicy(p -> p.policyName("p"));
    assertThatThrownBy(() -> iot.getPolicy(p -> p.policyName("p")))
        .isInstanceOf(ResourceNotFoundException.class);
  }

  private void attached(Policy policy) {
    CreateKeysAndCertificateResponse made = iot.createKeysAndCertificate(c -> c.setAsActive(true));
    String arn = made.certificateArn();
    iot.attachPolicy(p -> p.policyName("p").target(arn));
    assertThat(iot.listAttachedPolicies(p -> p.target(arn)).policies()).containsExactly(policy);
    assertThat(iot.listTargetsForPolicy(p -> p.policyName("p")).targets()).containsExactly(arn);
    assertThat(iot.getEffectivePolicies(p -> p.principal(arn)).effectivePolicies())
        .containsExactly(
            EffectivePolicy.builder()
                .policyName("p")
                .policyArn(policy.policyArn())
                .policyDocument(allow("iot:Connect"))
                .build());
    AuthInfo connect =
        AuthInfo.builder().actionType(ActionType.CONNECT).resources(ARN + "client/lamp").build();
    AuthInfo publish = connect.toBuilder().actionType(ActionType.PUBLISH).build();
    List<AuthResult> results =
        iot.testAuthorization(t -> t.principal(arn).clientId("lamp").authInfos(connect, publish))
            .authResults();
    assertThat(results)
        .extracting(AuthResult::authDecision)
        .containsExactly(AuthDecision.ALLOWED, AuthDecision.IMPLICIT_DENY);
    assertThat(results.get(0).authInfo()).isEqualTo(connect);
    assertThat(results.get(0).allowed().policies()).containsExactly(policy);
    assertThat(results.get(1).denied().implicitDeny().policies()).containsExactly(policy);
    assertThatThrownBy(() -> iot.deletePolicy(p -> p.policyName("p")))
        .isInstanceOf(DeleteConflictException.class);
    iot.detachPolicy(p -> p.policyName("p").target(arn));
    principal(policy, arn);
    remove(iot, made.certificateId());
  }

  /** By the operations that came before those with targets. */
  @SuppressWarnings("deprecation")
  private void principal(Policy policy, String arn) {
    iot.attachPrincipalPolicy(p -> p.policyName("p").principal(arn));
    assertThat(iot.listPrincipalPolicies(p -> p.principal(arn)).policies()).containsExactly(policy);
    assertThat(iot.listPolicyPrincipals(p -> p.policyName("p")).principals()).containsExactly(arn);
    iot.detachPrincipalPolicy(p -> p.policyName("p").principal(arn));
  }
}
