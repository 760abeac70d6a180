package dev.gatehouse.identity;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.http.ApiHandler;
import dev.gatehouse.api.http.ApiOperation;
import dev.gatehouse.api.http.ApiOperation.Service;
import dev.gatehouse.api.http.ApiRequest;
import dev.gatehouse.api.http.ApiResponse;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.api.store.Batch;
import dev.gatehouse.api.store.Store;
import dev.gatehouse.api.store.Table;
import dev.gatehouse.json.Json;
import dev.gatehouse.json.Marker;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.PKCSException;

/** The API operations on certificates (guide: X.509 Certificates). */
final class CertificateOperations {
  private static final X500Name DEVICE = new X500Name("CN=AWS IoT Certificate");
  private static final int PAGE = 25;

  private final Store store;
  private final Certificates certificates;
  private final Policies policies;
  private final Authority authority;
  private final BiConsumer<Principal, String> invalidated;

  CertificateOperations(
      Store store,
      Certificates certificates,
      Policies policies,
      Authority authority,
      BiConsumer<Principal, String> invalidated) {
    this.store = store;
    this.certificates = certificates;
    this.policies = policies;
    this.authority = authority;
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
        operation("UpdateCertificate", "PUT", one, 10, this::update),
        operation("DeleteCertificate", "DELETE", one, 10, this::delete));
  }

  private static ApiOperation operation(
      String name, String method, String path, int perSecond, ApiHandler handler) {
    return new ApiOperation(
        name, Service.IOT, method, path, "iot:" + name, Resources::certificate, perSecond, handler);
  }

  private CompletionStage<ApiResponse> createKeys(ApiRequest request) {
    try {
      KeyPair keys = CertificateMaker.rsaKeys();
      X509Certificate certificate = authority.issue(keys.getPublic(), DEVICE);
      return certificates
          .add(request.account(), certificate, request.flag("setAsActive"))
          .thenApply(
              added -> {
                ObjectNode answer = created(added);
                answer
                    .putObject("keyPair")
                    .put("PublicKey", Pem.encode("PUBLIC KEY", keys.getPublic().getEncoded()))
                    .put("PrivateKey", Pem.encode("PRIVATE KEY", keys.getPrivate().getEncoded()));
                return ApiResponse.json(Json.bytes(answer));
              });
    } catch (GeneralSecurityException e) {
      throw new ServiceException(ErrorCode.INTERNAL_FAILURE, "no certificate could be made", e);
    }
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
      PKCS10CertificationRequest csr =
          new PKCS10CertificationRequest(Pem.decode("CERTIFICATE REQUEST", pem));
      if (!csr.isSignatureValid(
          new JcaContentVerifierProviderBuilder().build(csr.getSubjectPublicKeyInfo()))) {
        throw new GeneralSecurityException("its signature is not by its own key");
      }
      certificate = authority.issue(publicKey(csr), csr.getSubject());
    } catch (IOException | GeneralSecurityException | OperatorCreationException | PKCSException e) {
      throw new ServiceException(
          ErrorCode.INVALID_REQUEST,
          "certificateSigningRequest is not a PKCS #10 request in PEM form: " + e.getMessage());
    }
    return certificates
        .add(request.account(), certificate, request.flag("setAsActive"))
        .thenApply(added -> ApiResponse.json(Json.bytes(created(added))));
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
    if (key instanceof RSAPublicKey rsaKey && rsaKey.getModulus().bitLength() < 2048) {
      throw new GeneralSecurityException("its RSA key is shorter than 2048 bits");
    }
    return key;
  }

  private CompletionStage<ApiResponse> describe(ApiRequest request) {
    DeviceCertificate certificate =
        certificates.require(request.account(), request.path("certificateId"));
    ObjectNode answer = Json.object();
    summary(certificate, answer.putObject("certificateDescription"))
        .put("certificatePem", certificate.pem())
        .put("ownedBy", certificate.account().id())
        .put("lastModifiedDate", certificate.modifiedMillis() / 1000.0);
    return Resources.answer(answer);
  }

  private static ObjectNode summary(DeviceCertificate certificate, ObjectNode node) {
    return node.put("certificateArn", certificate.arn())
        .put("certificateId", certificate.id())
        .put("status", certificate.status().name())
        .put("creationDate", certificate.createdMillis() / 1000.0);
  }

  private CompletionStage<ApiResponse> listCertificates(ApiRequest request) {
    int size = request.pageSize("pageSize", PAGE);
    List<DeviceCertificate> page =
        certificates.page(
            request.account(),
            Marker.decode("marker", request.query("marker").orElse("")),
            size + 1,
            request.flag("isAscendingOrder") ? Table.Order.ASCENDING : Table.Order.DESCENDING);
    ObjectNode answer = Json.object();
    ArrayNode list = answer.putArray("certificates");
    page.stream().limit(size).forEach(found -> summary(found, list.addObject()));
    if (page.size() > size) {
      answer.put("nextMarker", Marker.encode(page.get(size).id()));
    }
    return Resources.answer(answer);
  }

  private CompletionStage<ApiResponse> update(ApiRequest request) {
    String wanted =
        request
            .query("newStatus")
            .orElseThrow(
                () -> new ServiceException(ErrorCode.INVALID_REQUEST, "newStatus is missing"));
    if (!List.of("ACTIVE", "INACTIVE", "REVOKED").contains(wanted)) {
      boolean known =
          Arrays.stream(DeviceCertificate.Status.values()).anyMatch(s -> s.name().equals(wanted));
      throw new ServiceException(
          ErrorCode.INVALID_REQUEST,
          "newStatus '"
              + wanted
              + (known ? "' is not set by hand" : "' is unknown")
              + "; ACTIVE, INACTIVE and REVOKED are");
    }
    DeviceCertificate.Status status = DeviceCertificate.Status.valueOf(wanted);
    Account account = request.account();
    String id = request.path("certificateId");
    return certificates
        .update(account, id, status)
        .thenApply(
            before -> {
              if (status == DeviceCertificate.Status.ACTIVE) {
                policies.changed();
              } else {
                invalidated.accept(
                    new Principal.Certificate(account, id), "certificate is now " + status);
              }
              return ApiResponse.empty();
            });
  }

  private CompletionStage<ApiResponse> delete(ApiRequest request) {
    Account account = request.account();
    DeviceCertificate certificate = certificates.require(account, request.path("certificateId"));
    if (certificate.status() == DeviceCertificate.Status.ACTIVE) {
      throw new ServiceException(
          ErrorCode.CERTIFICATE_STATE,
          "certificate " + certificate.id() + " is active; deactivate it first");
    }
    List<String> attached = policies.attached(account, certificate.arn());
    if (!attached.isEmpty() && !request.flag("forceDelete")) {
      throw new ServiceException(
          ErrorCode.DELETE_CONFLICT,
          "certificate " + certificate.id() + " has policies attached; detach them first");
    }
    Batch batch = new Batch();
    certificates.remove(certificate, batch);
    attached.forEach(name -> policies.detach(account, name, certificate.arn(), batch));
    return store
        .commit(batch)
        .thenApply(
            done -> {
              certificates.refresh(account, certificate.id());
              invalidated.accept(
                  new Principal.Certificate(account, certificate.id()), "certificate is deleted");
              return ApiResponse.empty();
            });
  }
}
