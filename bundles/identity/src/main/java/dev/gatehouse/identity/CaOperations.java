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
import dev.gatehouse.json.Json;
import dev.gatehouse.json.JsonBody;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** The API operations on CA certificates (guide: Registering Your CA certificate). */
final class CaOperations {
  private final CaCertificates cas;
  private final RegistrationCodes codes;
  private final CertificateMaker time;
  private final Clock clock;

  CaOperations(CaCertificates cas, RegistrationCodes codes, CertificateMaker time, Clock clock) {
    this.cas = cas;
    this.codes = codes;
    this.time = time;
    this.clock = clock;
  }

  List<ApiOperation> list() {
    String one = "/cacertificate/{caCertificateId}";
    return List.of(
        operation("GetRegistrationCode", "GET", "/registrationcode", this::getCode),
        operation("DeleteRegistrationCode", "DELETE", "/registrationcode", this::deleteCode),
        operation("RegisterCACertificate", "POST", "/cacertificate", this::register),
        operation("DescribeCACertificate", "GET", one, this::describe),
        operation("UpdateCACertificate", "PUT", one, this::update),
        operation("DeleteCACertificate", "DELETE", one, this::delete),
        operation("ListCACertificates", "GET", "/cacertificates", this::listCas));
  }

  private static ApiOperation operation(
      String name, String method, String path, ApiHandler handler) {
    return new ApiOperation(
        name, IotServices.IOT, method, path, "iot:" + name, Resources::ca, 10, handler);
  }

  private CompletionStage<ApiResponse> getCode(ApiRequest request) {
    return codes
        .get(request.account())
        .thenApply(
            code -> ApiResponse.json(Json.bytes(Json.object().put("registrationCode", code))));
  }

  private CompletionStage<ApiResponse> deleteCode(ApiRequest request) {
    return codes.delete(request.account()).thenApply(done -> ApiResponse.empty());
  }

  private CompletionStage<ApiResponse> register(ApiRequest request) {
    JsonBody body = Json.body(request.body());
    noTemplates(body);
    body.text("certificateMode")
        .filter(mode -> !mode.equals("DEFAULT"))
        .ifPresent(
            mode -> {
              throw new ServiceException(
                  ErrorCode.INVALID_REQUEST,
                  "certificateMode '" + mode + "' is not offered; DEFAULT is");
            });
    X509Certificate ca = CertificateRules.read("caCertificate", body.requireText("caCertificate"));
    CertificateRules.flawOfCa(ca)
        .ifPresent(
            flaw -> {
              throw CertificateRules.invalid("caCertificate cannot be used: " + flaw);
            });
    current("caCertificate", ca);
    String verification = body.requireText("verificationCertificate");
    verify(request, ca, CertificateRules.read("verificationCertificate", verification));
    return cas.add(
            request.account(),
            ca,
            request.flag("setAsActive"),
            request.flag("allowAutoRegistration"),
            body.tags())
        .thenApply(
            added ->
                ApiResponse.json(
                    Json.bytes(
                        Json.object()
                            .put("certificateArn", added.arn())
                            .put("certificateId", added.id()))));
  }

  private static void noTemplates(JsonBody body) {
    if (body.object("registrationConfig").isPresent()) {
      throw new ServiceException(
          ErrorCode.INVALID_REQUEST, "registrationConfig: provisioning templates are not offered");
    }
  }

  private void current(String what, X509Certificate certificate) {
    Instant begin = certificate.getNotBefore().toInstant();
    Instant end = certificate.getNotAfter().toInstant();
    if (time.clockIsPlausible() && (time.now().isBefore(begin) || time.now().isAfter(end))) {
      throw CertificateRules.invalid(what + " is valid from " + begin + " to " + end);
    }
  }

  /** That the caller holds the CA's key: it signed a certificate on the account's code. */
  private void verify(ApiRequest request, X509Certificate ca, X509Certificate verification) {
    try {
      verification.verify(ca.getPublicKey());
    } catch (GeneralSecurityException e) {
      throw CertificateRules.invalid(
          "verificationCertificate is not signed by caCertificate: " + e.getMessage());
    }
    current("verificationCertificate", verification);
    Optional<String> code = codes.find(request.account());
    Optional<String> name = CertificateRules.commonName(verification);
    if (code.isEmpty() || !code.equals(name)) {
      throw new ServiceException(
          IdentityErrors.REGISTRATION_CODE_VALIDATION,
          "the common name of verificationCertificate"
              + name.map(given -> ", '" + given + "',").orElse("")
              + " is not the account's registration code");
    }
  }

  private CompletionStage<ApiResponse> describe(ApiRequest request) {
    CaCertificate ca = cas.require(request.account(), Resources.caId(request));
    ObjectNode answer = Json.object();
    ObjectNode description =
        summary(ca, answer.putObject("certificateDescription"))
            .put("certificatePem", ca.pem())
            .put("ownedBy", ca.account().id())
            .put("autoRegistrationStatus", ca.autoRegistration() ? "ENABLE" : "DISABLE")
            .put("lastModifiedDate", ca.modifiedMillis() / 1000.0)
            .put("customerVersion", ca.version())
            .put("generationId", ca.generation())
            .put("certificateMode", "DEFAULT");
    description.set("validity", CertificateOperations.validity(ca.pem()));
    answer.putObject("registrationConfig");
    return Resources.answer(answer);
  }

  private static ObjectNode summary(CaCertificate ca, ObjectNode node) {
    return node.put("certificateArn", ca.arn())
        .put("certificateId", ca.id())
        .put("status", ca.status())
        .put("creationDate", ca.createdMillis() / 1000.0);
  }

  private CompletionStage<ApiResponse> update(ApiRequest request) {
    Optional<Boolean> active = choice(request, "newStatus", "ACTIVE", "INACTIVE");
    Optional<Boolean> auto = choice(request, "newAutoRegistrationStatus", "ENABLE", "DISABLE");
    JsonBody body = Json.body(request.body());
    noTemplates(body);
    boolean remove = body.flag("removeAutoRegistration").orElse(false);
    return cas.change(
            request.account(),
            Resources.caId(request),
            ca ->
                ca.with(
                    active.orElse(ca.active()),
                    !remove && auto.orElse(ca.autoRegistration()),
                    clock.millis()))
        .thenApply(done -> ApiResponse.empty());
  }

  /** True for the one value, false for the other. */
  private static Optional<Boolean> choice(ApiRequest request, String name, String yes, String no) {
    return request
        .query(name)
        .map(
            value -> {
              if (!value.equals(yes) && !value.equals(no)) {
                throw new ServiceException(
                    ErrorCode.INVALID_REQUEST,
                    name + " '" + value + "' is neither " + yes + " nor " + no);
              }
              return value.equals(yes);
            });
  }

  private CompletionStage<ApiResponse> delete(ApiRequest request) {
    return cas.delete(request.account(), Resources.caId(request))
        .thenApply(done -> ApiResponse.empty());
  }

  private CompletionStage<ApiResponse> listCas(ApiRequest request) {
    Page<CaCertificate> page =
        cas.page(request.account(), Page.Request.of("cacertificates", request));
    ObjectNode answer = Json.object();
    ArrayNode list = answer.putArray("certificates");
    page.items().forEach(ca -> summary(ca, list.addObject()));
    return Resources.answer(page.into(answer));
  }
}
