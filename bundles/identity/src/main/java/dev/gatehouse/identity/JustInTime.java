package dev.gatehouse.identity;

import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.identity.Authentication;
import dev.gatehouse.api.identity.Authentication.Reason;
import dev.gatehouse.identity.Certificates.Known;
import dev.gatehouse.identity.Certificates.Pending;
import dev.gatehouse.identity.DeviceCertificate.Status;
import dev.gatehouse.identity.Signers.Signer;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Registers certificates when they first connect, if the CA that signed them is registered, active,
 * and set so (guide: Using Automatic/Just-in-Time Registration).
 */
final class JustInTime {
  private static final Logger LOG = LoggerFactory.getLogger(JustInTime.class);

  private final Certificates certificates;
  private final Signers signers;
  private final CertificateMaker time;
  private final RegistrationEvents events;
  private final RegistrationLimit limit;
  private final Executor thread;

  /**
   * For all accounts.
   *
   * @param thread where the store is read: callers may be event loops
   */
  JustInTime(
      Certificates certificates,
      Signers signers,
      CertificateMaker time,
      RegistrationEvents events,
      Clock clock,
      Executor thread) {
    this.certificates = certificates;
    this.signers = signers;
    this.time = time;
    this.events = events;
    this.limit = new RegistrationLimit(clock);
    this.thread = thread;
  }

  /** Whether an unknown certificate may finish its handshake, so that it can be registered. */
  static boolean mayRegister(Signers signers, X509Certificate leaf) {
    return fit(leaf).isEmpty()
        && signers.of(leaf).stream().anyMatch(s -> s.active() && s.autoRegistration());
  }

  private static Optional<String> fit(X509Certificate leaf) {
    return leaf.getBasicConstraints() >= 0
        ? Optional.of("it is a CA's")
        : CertificateRules.flaw(leaf);
  }

  /** One that waits for its activation has connected. */
  Authentication waiting(String id, Known known, Pending pending) {
    events.connected(known.account(), id, pending);
    return new Authentication.Registered(id);
  }

  /** An unknown one has connected. */
  CompletionStage<Authentication> unknown(List<X509Certificate> chain, String id) {
    X509Certificate leaf = chain.get(0);
    List<Signer> candidates = signers.of(leaf);
    if (candidates.isEmpty()) {
      return refused(Reason.UNKNOWN_CERTIFICATE, "certificate " + id + " is not registered");
    }
    Optional<Signer> meant = Signers.meant(candidates, chain);
    if (meant.isEmpty()) {
      return refused(
          Reason.UNKNOWN_SIGNER,
          candidates.size() + " registered CAs could have signed it; send the one that has along");
    }
    Signer signer = meant.get();
    if (!signer.active()) {
      return refused(Reason.UNKNOWN_SIGNER, "CA certificate " + signer.id() + " is not active");
    }
    if (!signer.autoRegistration()) {
      return refused(
          Reason.UNKNOWN_CERTIFICATE,
          "certificate " + id + " is not registered, and its CA does not register on sight");
    }
    Optional<String> flaw = fit(leaf);
    if (flaw.isPresent()) {
      return refused(Reason.UNKNOWN_CERTIFICATE, "certificate " + id + ": " + flaw.get());
    }
    if (time.expired(leaf) || time.expired(signer.certificate())) {
      return refused(
          Reason.EXPIRED_CERTIFICATE, "certificate " + id + " or its CA is not valid now");
    }
    return limit.take(signer.account())
        ? registered(leaf, id, signer)
        : refused(Reason.UNAVAILABLE, "too many certificates register themselves; try later");
  }

  private CompletionStage<Authentication> registered(
      X509Certificate leaf, String id, Signer signer) {
    try {
      return CompletableFuture.supplyAsync(
              () ->
                  certificates.add(signer.account(), leaf, signer.id(), Status.PENDING_ACTIVATION),
              thread)
          .thenCompose(adding -> adding)
          .handle(
              (added, failure) -> {
                if (failure != null) {
                  return failed(id, failure);
                }
                LOG.info(
                    "event=certificate-registered certificate={} ca={} account={}",
                    id,
                    signer.id(),
                    signer.account());
                events.registered(
                    signer.account(), id, new Pending(signer.id(), added.createdMillis()));
                return new Authentication.Registered(id);
              });
    } catch (RejectedExecutionException e) {
      return refused(Reason.UNAVAILABLE, "the gateway is stopping");
    }
  }

  private static Authentication failed(String id, Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof ServiceException told
        && told.code().equals(ErrorCode.RESOURCE_ALREADY_EXISTS)) {
      return new Authentication.Registered(id); // by another connection of the same client
    }
    LOG.error("event=registration-failed certificate={}", id, cause);
    return new Authentication.Refused(
        Reason.UNAVAILABLE, "the certificate could not be registered; try later");
  }

  private static CompletionStage<Authentication> refused(Reason reason, String message) {
    return CompletableFuture.completedFuture(new Authentication.Refused(reason, message));
  }
}
