package dev.gatehouse.identity;

import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.http.ApiHandler;
import dev.gatehouse.api.http.ApiOperation;
import dev.gatehouse.api.http.ApiRequest;
import dev.gatehouse.api.http.ApiResponse;
import dev.gatehouse.api.http.IotServices;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.identity.DeviceCertificate.Status;
import dev.gatehouse.identity.Signers.Signer;
import dev.gatehouse.json.Json;
import dev.gatehouse.json.JsonBody;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** The registration of certificates made elsewhere (guide: Use Your Own Certificate). */
final class RegistrationOperations {
  private static final Set<String> STATUSES = Set.of("ACTIVE", "INACTIVE", "REVOKED");

  private final Certificates certificates;
  private final Signers signers;
  private final CertificateMaker time;

  RegistrationOperations(Certificates certificates, Signers signers, CertificateMaker time) {
    this.certificates = certificates;
    this.signers = signers;
    this.time = time;
  }

  List<ApiOperation> list() {
    return List.of(
        operation("RegisterCertificate", "/certificate/register", this::register),
        operation(
            "RegisterCertificateWithoutCA", "/certificate/register-no-ca", this::registerAlone));
  }

  private static ApiOperation operation(String name, String path, ApiHandler handler) {
    return new ApiOperation(
        name, IotServices.IOT, "POST", path, "iot:" + name, Resources::certificate, 10, handler);
  }

  private CompletionStage<ApiResponse> register(ApiRequest request) {
    JsonBody body = Json.body(request.body());
    X509Certificate leaf = device(body);
    List<X509Certificate> named =
        body.text("caCertificatePem").stream()
            .map(pem -> CertificateRules.read("caCertificatePem", pem))
            .toList();
    Signer signer = signer(request.account(), leaf, named);
    if (!signer.active()) {
      throw new ServiceException(
          IdentityErrors.CERTIFICATE_STATE, "CA certificate " + signer.id() + " is not active");
    }
    return added(request, body, leaf, signer.id());
  }

  private Signer signer(Account account, X509Certificate leaf, List<X509Certificate> named) {
    List<Signer> candidates =
        signers.of(leaf).stream().filter(signer -> signer.account().equals(account)).toList();
    if (candidates.isEmpty()) {
      throw CertificateRules.invalid(
          "no registered CA has signed the certificate: register the one named "
              + leaf.getIssuerX500Principal().getName());
    }
    if (!named.isEmpty() && candidates.stream().noneMatch(s -> named.contains(s.certificate()))) {
      throw CertificateRules.invalid(
          "caCertificatePem is not registered, or has not signed the certificate");
    }
    return Signers.meant(candidates, named)
        .orElseThrow(
            () ->
                new ServiceException(
                    IdentityErrors.CERTIFICATE_CONFLICT,
                    candidates.size()
                        + " registered CAs have the subject and key that signed the certificate;"
                        + " say which by caCertificatePem"));
  }

  private CompletionStage<ApiResponse> registerAlone(ApiRequest request) {
    JsonBody body = Json.body(request.body());
    return added(request, body, device(body), "");
  }

  private X509Certificate device(JsonBody body) {
    X509Certificate leaf =
        CertificateRules.read("certificatePem", body.requireText("certificatePem"));
    CertificateRules.flaw(leaf)
        .ifPresent(
            flaw -> {
              throw CertificateRules.invalid("the certificate cannot be used: " + flaw);
            });
    if (time.clockIsPlausible() && leaf.getNotAfter().toInstant().isBefore(time.now())) {
      throw CertificateRules.invalid(
          "the certificate expired at " + leaf.getNotAfter().toInstant());
    }
    return leaf;
  }

  private CompletionStage<ApiResponse> added(
      ApiRequest request, JsonBody body, X509Certificate leaf, String caId) {
    String status = body.text("status").orElse(request.flag("setAsActive") ? "ACTIVE" : "INACTIVE");
    if (!STATUSES.contains(status)) {
      throw new ServiceException(
          ErrorCode.INVALID_REQUEST,
          "status '" + status + "' cannot be registered; ACTIVE, INACTIVE and REVOKED can");
    }
    return certificates
        .add(request.account(), leaf, caId, Status.valueOf(status))
        .thenApply(
            added ->
                ApiResponse.json(
                    Json.bytes(
                        Json.object()
                            .put("certificateArn", added.arn())
                            .put("certificateId", added.id()))));
  }
}
