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
import dev.gatehouse.identity.DeviceCertificate.Status;
import dev.gatehouse.json.Json;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.BiPredicate;
import java.util.function.Function;

/**
 * Certificates change hands between two accounts of the gateway. A certificate stays its sender's
 * until the receiver takes it; then its policies, which are the sender's, are none any more.
 */
final class TransferOperations {
  private static final int MAX_TEXT = 128;

  private final Certificates certificates;
  private final Policies policies;
  private final Function<String, Optional<Account>> accounts;
  private final BiPredicate<Account, String> attachments;
  private final Runnable changed;
  private final Clock clock;

  /**
   * For all accounts.
   *
   * @param accounts the account of an id
   * @param attachments whether a certificate, by its ARN, is attached to a thing
   * @param changed rights may have changed
   */
  TransferOperations(
      Certificates certificates,
      Policies policies,
      Function<String, Optional<Account>> accounts,
      BiPredicate<Account, String> attachments,
      Runnable changed,
      Clock clock) {
    this.certificates = certificates;
    this.policies = policies;
    this.accounts = accounts;
    this.attachments = attachments;
    this.changed = changed;
    this.clock = clock;
  }

  List<ApiOperation> list() {
    return List.of(
        operation("TransferCertificate", "PATCH", "/transfer-certificate", this::transfer),
        operation(
            "AcceptCertificateTransfer", "PATCH", "/accept-certificate-transfer", this::accept),
        operation(
            "RejectCertificateTransfer", "PATCH", "/reject-certificate-transfer", this::reject),
        operation(
            "CancelCertificateTransfer", "PATCH", "/cancel-certificate-transfer", this::cancel),
        new ApiOperation(
            "ListOutgoingCertificates",
            IotServices.IOT,
            "GET",
            "/certificates-out-going",
            "iot:ListOutgoingCertificates",
            request -> "*",
            10,
            this::outgoing));
  }

  private static ApiOperation operation(
      String name, String method, String path, ApiHandler handler) {
    return new ApiOperation(
        name,
        IotServices.IOT,
        method,
        path + "/{certificateId}",
        "iot:" + name,
        Resources::certificate,
        10,
        handler);
  }

  private CompletionStage<ApiResponse> transfer(ApiRequest request) {
    Account from = request.account();
    String id = Resources.certificateId(request);
    String target =
        request
            .query("targetAwsAccount")
            .orElseThrow(
                () ->
                    new ServiceException(ErrorCode.INVALID_REQUEST, "targetAwsAccount is missing"));
    if (!target.matches("[0-9]{12}") || target.equals(from.id())) {
      throw new ServiceException(
          ErrorCode.INVALID_REQUEST,
          "targetAwsAccount '" + target + "' is not the id of another account");
    }
    String message = text(request, "transferMessage");
    certificates.require(from, id);
    if (accounts.apply(target).isEmpty()) {
      throw new ServiceException(ErrorCode.RESOURCE_NOT_FOUND, "there is no account " + target);
    }
    long now = clock.millis();
    return certificates
        .change(
            () -> movable(from, id),
            before ->
                before.with(
                    from,
                    Status.PENDING_TRANSFER,
                    Transfer.sent(from.id(), target, message, now),
                    now))
        .thenApply(
            done -> {
              changed.run();
              return ApiResponse.json(
                  Json.bytes(
                      Json.object()
                          .put(
                              "transferredCertificateArn",
                              new Account(target, from.region())
                                  .arn("iot", "cert/" + id)
                                  .toString())));
            });
  }

  private DeviceCertificate movable(Account account, String id) {
    DeviceCertificate certificate = certificates.require(account, id);
    if (certificate.status() == Status.ACTIVE || certificate.status() == Status.PENDING_TRANSFER) {
      throw new ServiceException(
          IdentityErrors.CERTIFICATE_STATE,
          "certificate " + id + " is " + certificate.status() + "; only an inactive one moves");
    }
    if (!policies.attached(account, certificate.arn()).isEmpty()
        || attachments.test(account, certificate.arn())) {
      throw new ServiceException(
          IdentityErrors.TRANSFER_CONFLICT,
          "certificate " + id + " has policies or things attached; detach them first");
    }
    return certificate;
  }

  private static String text(ApiRequest request, String name) {
    String text = Json.body(request.body()).text(name).orElse("");
    if (text.length() > MAX_TEXT) {
      throw new ServiceException(
          ErrorCode.INVALID_REQUEST,
          name + " has " + text.length() + " characters, at most " + MAX_TEXT + " are allowed");
    }
    return text;
  }

  private CompletionStage<ApiResponse> accept(ApiRequest request) {
    Account to = request.account();
    String id = Resources.certificateId(request);
    Status status = request.flag("setAsActive") ? Status.ACTIVE : Status.INACTIVE;
    long now = clock.millis();
    return certificates
        .change(
            () -> incoming(to, id),
            before -> before.with(to, status, before.transfer().accepted(now), now))
        .thenCompose(
            accepted -> {
              Account from = new Account(accepted.transfer().from(), to.region());
              return policies.detachAll(from, from.arn("iot", "cert/" + id).toString());
            })
        .thenApply(done -> finished());
  }

  private CompletionStage<ApiResponse> reject(ApiRequest request) {
    Account to = request.account();
    String id = Resources.certificateId(request);
    String reason = text(request, "rejectReason");
    long now = clock.millis();
    return certificates
        .change(
            () -> incoming(to, id),
            before ->
                before.with(
                    before.account(),
                    Status.INACTIVE,
                    before.transfer().rejected(reason, now),
                    now))
        .thenApply(done -> finished());
  }

  private ApiResponse finished() {
    changed.run();
    return ApiResponse.empty();
  }

  private DeviceCertificate incoming(Account to, String id) {
    return certificates
        .incoming(to, id)
        .orElseThrow(
            () ->
                certificates.offered(to, id)
                    ? new ServiceException(
                        IdentityErrors.TRANSFER_ALREADY_COMPLETED,
                        "the transfer of certificate " + id + " is over")
                    : Certificates.absent(id));
  }

  private CompletionStage<ApiResponse> cancel(ApiRequest request) {
    Account from = request.account();
    String id = Resources.certificateId(request);
    return certificates
        .change(
            () -> sent(from, id),
            before -> before.with(from, Status.INACTIVE, Transfer.NONE, clock.millis()))
        .thenApply(done -> finished());
  }

  private DeviceCertificate sent(Account from, String id) {
    DeviceCertificate certificate = certificates.require(from, id);
    if (certificate.status() != Status.PENDING_TRANSFER) {
      throw new ServiceException(
          IdentityErrors.TRANSFER_ALREADY_COMPLETED,
          "certificate " + id + " is not being transferred");
    }
    return certificate;
  }

  private CompletionStage<ApiResponse> outgoing(ApiRequest request) {
    Page<DeviceCertificate> page =
        certificates.page(
            request.account(), Certificates.OUTGOING, Page.Request.of("outgoing", request));
    ObjectNode answer = Json.object();
    ArrayNode list = answer.putArray("outgoingCertificates");
    for (DeviceCertificate certificate : page.items()) {
      Transfer transfer = certificate.transfer();
      list.addObject()
          .put("certificateArn", certificate.arn())
          .put("certificateId", certificate.id())
          .put("transferredTo", transfer.to())
          .put("transferDate", transfer.sentMillis() / 1000.0)
          .put("transferMessage", transfer.message())
          .put("creationDate", certificate.createdMillis() / 1000.0);
    }
    return Resources.answer(page.into(answer));
  }
}
