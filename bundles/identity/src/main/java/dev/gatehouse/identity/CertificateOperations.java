package dev.gatehouse.identity;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.http.ApiHandler;
import dev.gatehouse.api.http.ApiOperation;
import dev.gatehouse.api.http.ApiRequest;
import dev.gatehouse.api.http.ApiResponse;
import dev.gatehouse.api.http.IotServices;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.api.store.Batch;
import dev.gatehouse.api.store.Store;
import dev.gatehouse.identity.DeviceCertificate.Status;
import dev.gatehouse.json.Json;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.PKCSException;

/** The API operations on certificates (guide: X.509 Certificates). */
final class CertificateOperations {
  private static final X500Name DEVICE = new X500Name("CN=AWS IoT Certificate");

  private final Store store;
  private final Certificates certificates;
  private final Policies policies;
  private final BiPredicate<Account, String> attachments;
  private final Authority authority;
  private final Runnable changed;
  private final BiConsumer<Principal, String> invalidated;

  /**
   * For all accounts.
   *
   * @param attachments whether a certificate, by its ARN, is attached to a thing
   * @param changed rights may have changed
   * @param invalidated a principal may no longer be connected
   */
  CertificateOperations(
      Store store,
      Certificates certificates,
      Policies policies,
      BiPredicate<Account, String> attachments,
      Authority authority,
      Runnable changed,
      BiConsumer<Principal, String> invalidated) {
    this.store = store;
    this.certificates = certificates;
    this.policies = policies;
    this.attachments = attachments;
    this.authority = authority;
    this.changed = changed;
    this.invalidated = invalidated;
  }

  List<ApiOperation> list() {
    String one = "/certificates/{certificateId}";
    return List.of(
        operation(
            "CreateKeysAndCertificate", "POST", "/keys-and-certificate", 10, this::createKeys),
        operation("CreateCertificateFromCsr", "POST", "/certificates", 15, this::createFromRequest),
        operation("DescribeCertificate", "GET", one, 10, this::describe),
        operation("ListCertificates", "GET", "/certificates", 10, this::listCertificates),
        new ApiOperation(
            "ListCertificatesByCA",
            IotServices.IOT,
            "GET",
            "/certificates-by-ca/{caCertificateId}",
            "iot:ListCertificatesByCA",
            request -> "*",
            10,
            this::listByCa),
        operation("UpdateCertificate", "PUT", one, 10, this::update),
        operation("DeleteCertificate", "DELETE", one, 10, this::delete));
  }

  private static ApiOperation operation(
      String name, String method, String path, int perSecond, ApiHandler handler) {
    return new ApiOperation(
        name,
        IotServices.IOT,
        method,
        path,
        "iot:" + name,
        Resources::certificate,
        perSecond,
        handler);
  }

  private CompletionStage<ApiResponse> createKeys(ApiRequest request) {
    try {
      KeyPair keys = CertificateMaker.rsaKeys();
      String privateKey = Pem.encodeRsa(keys.getPrivate());
      X509Certificate certificate = authority.issue(keys.getPublic(), DEVICE);
      return certificates
          .add(request.account(), certificate, "", initial(request))
          .thenApply(
              added -> {
                ObjectNode answer = created(added);
                answer
                    .putObject("keyPair")
                    .put("PublicKey", Pem.encode("PUBLIC KEY", keys.getPublic().getEncoded()))
                    .put("PrivateKey", privateKey);
                return ApiResponse.json(Json.bytes(answer));
              });
    } catch (GeneralSecurityException e) {
      throw new ServiceException(ErrorCode.INTERNAL_FAILURE, "no certificate could be made", e);
    }
  }

  private static Status initial(ApiRequest request) {
    return request.flag("setAsActive") ? Status.ACTIVE : Status.INACTIVE;
  }

  private static ObjectNode created(DeviceCertificate certificate) {
    return Json.object()
        .put("certificateArn", certificate.arn())
        .put("certificateId", certificate.id())
        .put("certificatePem", certificate.pem());
  }

  private CompletionStage<ApiResponse> createFromRequest(ApiRequest request) {
    String pem = Json.body(request.body()).requireText("certificateSigningRequest");
    X509Certificate certificate;
    try {
      certificate = signed(Pem.decode("CERTIFICATE REQUEST", pem.replace("NEW CERT", "CERT")));
    } catch (GeneralSecurityException e) {
      throw new ServiceException(
          ErrorCode.INVALID_REQUEST,
          "certificateSigningRequest is not a PKCS #10 request in PEM form: " + e.getMessage());
    }
    return certificates
        .add(request.account(), certificate, "", initial(request))
        .thenApply(added -> ApiResponse.json(Json.bytes(created(added))));
  }

  private X509Certificate signed(byte[] der) throws GeneralSecurityException {
    try {
      PKCS10CertificationRequest csr = new PKCS10CertificationRequest(der);
      PublicKey key = publicKey(csr);
      // By the key, not by its encoding: the JDK knows no key factory by its object identifier.
      if (!csr.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key))) {
        throw new GeneralSecurityException("its signature is not by its own key");
      }
      return authority.issue(key, csr.getSubject());
    } catch (IOException | OperatorCreationException | PKCSException | RuntimeException e) {
      // Parts are parsed when they are asked for, and what is wrong with them comes unchecked.
      throw new GeneralSecurityException(String.valueOf(e.getMessage()), e);
    }
  }

  private static PublicKey publicKey(PKCS10CertificationRequest csr)
      throws IOException, GeneralSecurityException {
    byte[] encoded = csr.getSubjectPublicKeyInfo().getEncoded();
    String oid = csr.getSubjectPublicKeyInfo().getAlgorithm().getAlgorithm().getId();
    boolean rsa = oid.equals("1.2.840.113549.1.1.1");
    if (!rsa && !oid.equals("1.2.840.10045.2.1")) {
      throw new GeneralSecurityException("its key is neither RSA nor EC");
    }
    PublicKey key =
        KeyFactory.getInstance(rsa ? "RSA" : "EC").generatePublic(new X509EncodedKeySpec(encoded));
    Optional<String> weakness = CertificateRules.weakness(key);
    if (weakness.isPresent()) {
      throw new GeneralSecurityException(weakness.get());
    }
    return key;
  }

  private CompletionStage<ApiResponse> describe(ApiRequest request) {
    Account account = request.account();
    String id = Resources.certificateId(request);
    DeviceCertificate certificate =
        certificates.incoming(account, id).orElseGet(() -> certificates.require(account, id));
    ObjectNode answer = Json.object();
    ObjectNode description =
        summary(certificate, answer.putObject("certificateDescription"))
            .put("certificatePem", certificate.pem())
            .put("ownedBy", certificate.account().id())
            .put("lastModifiedDate", certificate.modifiedMillis() / 1000.0)
            .put("customerVersion", certificate.version())
            .put("generationId", certificate.generation())
            .put("certificateMode", "DEFAULT");
    if (!certificate.caId().isEmpty()) {
      description.put("caCertificateId", certificate.caId());
    }
    if (certificate.transfer().acceptedMillis() != 0) {
      description.put("previousOwnedBy", certificate.transfer().from());
    }
    description.set("transferData", certificate.transfer().shown());
    description.set("validity", validity(certificate.pem()));
    return Resources.answer(answer);
  }

  static ObjectNode validity(String pem) {
    X509Certificate certificate = CertificateRules.read("the stored certificate", pem);
    return Json.object()
        .put("notBefore", certificate.getNotBefore().toInstant().toEpochMilli() / 1000.0)
        .put("notAfter", certificate.getNotAfter().toInstant().toEpochMilli() / 1000.0);
  }

  private static ObjectNode summary(DeviceCertificate certificate, ObjectNode node) {
    return node.put("certificateArn", certificate.arn())
        .put("certificateId", certificate.id())
        .put("status", certificate.status().name())
        .put("creationDate", certificate.createdMillis() / 1000.0);
  }

  private CompletionStage<ApiResponse> listCertificates(ApiRequest request) {
    return listed(request, Certificates.ALL);
  }

  private CompletionStage<ApiResponse> listByCa(ApiRequest request) {
    return listed(request, Certificates.signedBy(Resources.caId(request)));
  }

  private CompletionStage<ApiResponse> listed(ApiRequest request, String name) {
    Page<DeviceCertificate> page =
        certificates.page(request.account(), name, Page.Request.of("certificates", request));
    ObjectNode answer = Json.object();
    ArrayNode list = answer.putArray("certificates");
    page.items()
        .forEach(found -> summary(found, list.addObject()).put("certificateMode", "DEFAULT"));
    return Resources.answer(page.into(answer));
  }

  private CompletionStage<ApiResponse> update(ApiRequest request) {
    String wanted =
        request
            .query("newStatus")
            .orElseThrow(
                () -> new ServiceException(ErrorCode.INVALID_REQUEST, "newStatus is missing"));
    if (!List.of("ACTIVE", "INACTIVE", "REVOKED").contains(wanted)) {
      boolean known = Arrays.stream(Status.values()).anyMatch(s -> s.name().equals(wanted));
      throw new ServiceException(
          ErrorCode.INVALID_REQUEST,
          "newStatus '"
              + wanted
              + (known ? "' is not set by hand" : "' is unknown")
              + "; ACTIVE, INACTIVE and REVOKED are");
    }
    Status status = Status.valueOf(wanted);
    Account account = request.account();
    String id = Resources.certificateId(request);
    return certificates
        .update(account, id, status)
        .thenApply(
            done -> {
              changed.run();
              if (status != Status.ACTIVE) {
                invalidated.accept(
                    new Principal.Certificate(account, id), "certificate is now " + status);
              }
              return ApiResponse.empty();
            });
  }

  private CompletionStage<ApiResponse> delete(ApiRequest request) {
    Account account = request.account();
    String id = Resources.certificateId(request);
    boolean force = request.flag("forceDelete");
    String target = new Principal.Certificate(account, id).arn().toString();
    return Conflicts.retried(() -> store.commit(deletion(account, id, force)))
        .whenComplete((done, failure) -> certificates.refresh(id))
        .thenCompose(
            done -> {
              invalidated.accept(new Principal.Certificate(account, id), "certificate is deleted");
              return policies.detachAll(account, target);
            })
        .thenApply(done -> ApiResponse.empty());
  }

  private Batch deletion(Account account, String id, boolean force) {
    DeviceCertificate certificate = certificates.require(account, id);
    if (certificate.status() == Status.ACTIVE) {
      throw new ServiceException(
          IdentityErrors.CERTIFICATE_STATE,
          "Certificate must be deactivated (not ACTIVE) before deletion. Id: " + id);
    }
    if (certificate.status() == Status.PENDING_TRANSFER) {
      throw new ServiceException(
          IdentityErrors.CERTIFICATE_STATE,
          "certificate " + id + " is being transferred; cancel that first");
    }
    if (attachments.test(account, certificate.arn())) {
      throw new ServiceException(
          IdentityErrors.DELETE_CONFLICT,
          "Things must be detached before deletion (arn: " + certificate.arn() + ")");
    }
    List<String> attached = policies.attached(account, certificate.arn());
    if (!attached.isEmpty() && !force) {
      throw new ServiceException(
          IdentityErrors.DELETE_CONFLICT,
          "Certificate policies must be detached before deletion (arn: " + certificate.arn() + ")");
    }
    Batch batch = new Batch();
    certificates.remove(certificate, batch);
    attached.forEach(name -> policies.detach(account, name, certificate.arn(), batch));
    return batch;
  }
}
