package dev.gatehouse.http;

import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.http.ApiOperation;
import dev.gatehouse.api.http.ApiRequest;
import dev.gatehouse.api.http.ApiResponse;
import dev.gatehouse.api.http.AwsService;
import dev.gatehouse.api.http.IotServices;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.identity.Authentication;
import dev.gatehouse.api.identity.Authenticator;
import dev.gatehouse.api.identity.Authorizer;
import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.api.identity.Rights;
import dev.gatehouse.api.store.StoreConflictException;
import dev.gatehouse.api.store.StoreUnavailableException;
import dev.gatehouse.api.telemetry.LogText;
import dev.gatehouse.edge.StreamProtocol;
import dev.gatehouse.http.protocol.HeapCount;
import dev.gatehouse.http.sigv4.SignatureVerifier;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What happens to a call: route, authenticate, authorise, throttle, handle, answer, log. */
final class CallHandler {
  private static final Logger LOG = LoggerFactory.getLogger("dev.gatehouse.http.access");
  private static final Logger FAILURES = LoggerFactory.getLogger(CallHandler.class);

  /** Bytes of a body that is read before its head is checked, and the most of an open call. */
  static final int SMALL_BODY = 16 << 10;

  private final Modules modules;
  private final SignatureVerifier verifier;
  private final Authenticator authenticator;
  private final Authorizer authorizer;
  private final Throttle throttle;
  private final Audit audit;
  private final Account strangers;
  private final String ownHost;
  private final Clock clock;
  final LongAdder calls = new LongAdder();
  final LongAdder errors = new LongAdder();

  CallHandler(
      Modules modules,
      SignatureVerifier verifier,
      Authenticator authenticator,
      Authorizer authorizer,
      Throttle throttle,
      Audit audit,
      Account strangers,
      String ownHost,
      Clock clock) {
    this.modules = modules;
    this.verifier = verifier;
    this.authenticator = authenticator;
    this.authorizer = authorizer;
    this.throttle = throttle;
    this.audit = audit;
    this.strangers = strangers;
    this.ownHost = ownHost;
    this.clock = clock;
  }

  /** Never completes exceptionally. */
  CompletionStage<ApiResponse> handle(Call call) {
    Trail trail = trail(call);
    calls.increment();
    CompletionStage<ApiResponse> answer;
    try {
      answer = served(call, trail);
    } catch (RuntimeException | Error e) { // a bundle that is being updated may miss classes
      answer = CompletableFuture.failedFuture(e);
    }
    return answer.handle((response, failure) -> finish(trail, response, failure));
  }

  /**
   * Who asks for a WebSocket.
   *
   * @throws ServiceException as AWS answers if it is not signed rightly and has no certificate
   */
  StreamProtocol.Peer peer(Call call) {
    if (!signed(call)) {
      fromNoOtherSite(call);
      return StreamProtocol.Peer.ofTls(true); // its certificate is looked at by the protocol
    }
    SignatureVerifier.Verified verified = verifier.verify(call.request());
    if (!modules.services().require(verified.service()).equals(IotServices.IOT_DATA)) {
      throw new ServiceException(
          ErrorCode.FORBIDDEN,
          "the credential is scoped to " + verified.service() + ", not to iotdevicegateway");
    }
    LOG.info(
        "event=websocket principal={} sourceIp={}",
        LogText.printable(verified.principal().id()),
        call.sourceIp());
    return new StreamProtocol.Peer(
        verified.principal(), verified.accessKeyId(), true, CallKeys.of(call, verified));
  }

  /** Whether who signed would still be let in: a key may have been withdrawn meanwhile. */
  boolean stillSigned(Call call) {
    try {
      verifier.verify(call.request());
      return true;
    } catch (ServiceException e) {
      LOG.info("event=websocket-withdrawn reason=\"{}\"", LogText.printable(e));
      return false;
    }
  }

  /**
   * The most bytes of a body: little for those who do not even claim to be known, else the limit of
   * the operation, where the head shows it.
   *
   * @param length of the body; -1 if the head does not say it
   * @param usual the limit of operations without one of their own
   */
  int bodyLimit(Call head, long length, int usual) {
    if (!carriesSignature(head) && head.certificates().isEmpty()) {
      return Math.min(SMALL_BODY, usual);
    }
    boolean within = length >= 0 && length <= usual;
    if (within || !modules.router().hasBodyLimits()) {
      return usual;
    }
    try {
      return context(head)
          .find(modules.router(), head.request())
          .operation()
          .traits()
          .bodyLimit()
          .orElse(usual);
    } catch (ServiceException e) {
      return usual; // the operation is in the body, or there is none; the call is refused then
    }
  }

  /**
   * Checks who sends a request before its large body is read: that its certificate is registered,
   * or what its signature shows without the body. Counts the request as one of a known caller.
   *
   * @return the refusal, or null; never completes exceptionally
   */
  CompletionStage<@Nullable ApiResponse> checkHead(Call head) {
    CompletionStage<Void> check;
    try {
      check = headChecked(head);
    } catch (RuntimeException | Error e) {
      check = CompletableFuture.failedFuture(e);
    }
    return check.handle(
        (nothing, failure) -> {
          if (failure == null) {
            return null;
          }
          calls.increment();
          return finish(trail(head), null, failure);
        });
  }

  private CompletionStage<Void> headChecked(Call head) {
    boolean open =
        !carriesSignature(head) && context(head).findOpen(modules.router(), head.request()) != null;
    if (open) {
      throw new ServiceException(
          ErrorCode.REQUEST_ENTITY_TOO_LARGE,
          "the body of a call that is not signed is larger than " + SMALL_BODY + " bytes");
    }
    if (signed(head)) {
      verifier.verifyHead(head.request());
      known(head);
      return CompletableFuture.completedFuture(null);
    }
    fromNoOtherSite(head);
    return authenticator
        .certificate(head.certificates())
        .thenAccept(answer -> accepted(head, answer));
  }

  private static Principal accepted(Call call, Authentication answer) {
    if (answer instanceof Authentication.Accepted accepted) {
      known(call);
      return accepted.principal();
    }
    throw new ServiceException(
        ErrorCode.FORBIDDEN,
        answer instanceof Authentication.Refused refused
            ? refused.message()
            : "the certificate is registered now and waits to be activated");
  }

  private static void known(Call call) {
    if (!call.bytes().callerIsKnown()) {
      throw new ServiceException(
          ErrorCode.SERVICE_UNAVAILABLE,
          "the memory for calls is used up by others at the moment; try again");
    }
  }

  /** Counts the heap that a handler makes of a body, before it does. */
  private static HeapCount heap(Call call) {
    return bytes -> {
      if (call.bytes().grow(bytes)) {
        return;
      }
      int length = call.request().body().length;
      if (call.bytes().neverFits(bytes)) {
        throw new ServiceException(
            ErrorCode.REQUEST_ENTITY_TOO_LARGE,
            "the body of %d bytes would take %d bytes of memory, which is more than the gateway has"
                .formatted(length, bytes));
      }
      throw new ServiceException(
          ErrorCode.SERVICE_UNAVAILABLE,
          "the memory for calls is used up by others at the moment; try again");
    };
  }

  private CallContext context(Call call) {
    return CallContext.of(call, modules.services(), ownHost);
  }

  private Trail trail(Call call) {
    return new Trail(call, context(call), UUID.randomUUID().toString(), clock.millis());
  }

  /** What is answered if {@link #peer} fails. */
  ApiResponse refused(Call call, RuntimeException failure) {
    calls.increment();
    Trail trail = trail(call);
    trail.operation = "WebSocket";
    return finish(trail, null, failure);
  }

  private static boolean signed(Call call) {
    return carriesSignature(call) || call.certificates().isEmpty();
  }

  private static boolean carriesSignature(Call call) {
    return call.request().headers().containsKey("authorization")
        || call.request().rawQuery().contains("X-Amz-Signature");
  }

  /**
   * A browser shows its certificate for whatever page asks (RFC 6454, 8.4): a page of somebody
   * else's may not use it.
   */
  private static void fromNoOtherSite(Call call) {
    List<String> origins = call.request().headers().getOrDefault("origin", List.of());
    List<String> hosts = call.request().headers().getOrDefault("host", List.of());
    if (origins.isEmpty()) {
      return; // no browser
    }
    String own = hosts.isEmpty() ? "" : "https://" + hosts.get(0);
    if (origins.size() > 1 || !origins.get(0).equalsIgnoreCase(own)) {
      throw new ServiceException(
          ErrorCode.FORBIDDEN,
          "a page of another origin may not use the certificate: Origin must be " + own);
    }
  }

  private CompletionStage<ApiResponse> served(Call call, Trail trail) {
    if (!carriesSignature(call)) {
      Router.Match open = trail.context.findOpen(modules.router(), call.request());
      if (open != null) {
        trail.context = trail.context.open(open.operation(), call.request());
        begin(trail, open, new Principal.Anonymous(strangers, ""));
        return throttled(trail, open);
      }
    }
    if (signed(call)) {
      SignatureVerifier.Verified verified = verifier.verify(call.request());
      trail.accessKeyId = verified.accessKeyId();
      trail.issued = verified.issued();
      known(call);
      requireVerified(trail, modules.services().require(verified.service()));
      return authorised(trail, verified.principal());
    }
    trail.context = CallContext.ofCertificate(call);
    fromNoOtherSite(call);
    return authenticator
        .certificate(call.certificates())
        .thenCompose(answer -> authorised(trail, accepted(call, answer)));
  }

  /** A key for one service must not open another: what was read before must be what was signed. */
  private static void requireVerified(Trail trail, AwsService verified) {
    if (!verified.equals(trail.context.service())) {
      throw new ServiceException(
          ErrorCode.INCOMPLETE_SIGNATURE,
          "the credential must be given once, and in the usual form");
    }
  }

  private CompletionStage<ApiResponse> authorised(Trail trail, Principal principal) {
    trail.principal = principal;
    Router.Match match = trail.context.find(modules.router(), trail.call.request());
    ApiRequest request = begin(trail, match, principal);
    if (!match.operation().open() && !match.operation().action().isEmpty()) {
      authorise(trail, match.operation(), request);
    }
    return throttled(trail, match);
  }

  /** Reads the parameters of a call whose operation is known. */
  private ApiRequest begin(Trail trail, Router.Match match, Principal principal) {
    trail.of(match, principal);
    OptionalInt limit = match.operation().traits().bodyLimit();
    if (limit.isPresent() && trail.call.request().body().length > limit.getAsInt()) {
      throw new ServiceException(
          ErrorCode.REQUEST_ENTITY_TOO_LARGE,
          "the body is larger than " + limit.getAsInt() + " bytes");
    }
    return trail.request(clock, heap(trail.call));
  }

  private void authorise(Trail trail, ApiOperation operation, ApiRequest request) {
    Map<String, String> keys = new HashMap<>(operation.context().apply(request));
    keys.putAll(request.conditionKeys());
    Rights rights = authorizer.rights(trail.known(), () -> keys);
    for (String resource : operation.resources().apply(request)) {
      if (!rights.decide(operation.action(), resource).allowed()) {
        throw refused(trail.known(), operation, resource);
      }
    }
  }

  private static ServiceException refused(
      Principal caller, ApiOperation operation, String resource) {
    return new ServiceException(
        operation.service().denied(), Denial.text(caller, operation.action(), resource));
  }

  private CompletionStage<ApiResponse> throttled(Trail trail, Router.Match match) {
    throttle.take(trail.known().account(), match.operation());
    ApiRequest request = trail.request(clock, heap(trail.call));
    return modules
        .during(match.module(), () -> match.operation().handler().handle(request))
        .thenApply(
            answer -> trail.context.protocol().answer(match.operation(), answer, trail.requestId))
        .toCompletableFuture()
        .copy()
        .orTimeout(match.operation().traits().timeout().toMillis(), TimeUnit.MILLISECONDS);
  }

  private ApiResponse finish(
      Trail trail, @Nullable ApiResponse response, @Nullable Throwable failure) {
    ApiResponse answer = response;
    String error = "-";
    if (failure != null || answer == null) {
      errors.increment();
      ServiceException told = told(trail, failure);
      error = told.code().awsName();
      answer = trail.context.protocol().error(trail.context.service(), told, trail.requestId);
      audit.failed(trail, told);
    } else {
      audit.done(trail);
    }
    LOG.info(
        "event=call operation={} principal={} status={} error={} requestId={} sourceIp={}"
            + " millis={}",
        trail.operation,
        trail.principal == null ? "-" : LogText.printable(trail.principal.id()),
        answer.status(),
        error,
        trail.requestId,
        trail.call.sourceIp(),
        clock.millis() - trail.startMillis);
    return CallContext.withId(answer, trail.requestId);
  }

  /** What the caller is told of a failure; what it need not know goes to the log. */
  private static ServiceException told(Trail trail, @Nullable Throwable failure) {
    Throwable cause = failure;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof ServiceException told) {
      return told;
    }
    if (cause instanceof StoreUnavailableException) {
      return new ServiceException(
          ErrorCode.SERVICE_UNAVAILABLE, "the store cannot write now: " + cause.getMessage());
    }
    if (cause instanceof StoreConflictException) {
      return new ServiceException(
          ErrorCode.SERVICE_UNAVAILABLE, "it was changed by another call meanwhile; try again");
    }
    if (cause instanceof TimeoutException) {
      return new ServiceException(
          ErrorCode.SERVICE_UNAVAILABLE,
          "the call took longer than " + trail.timeout().toSeconds() + " s");
    }
    FAILURES.error(
        "event=call-failed operation={} requestId={}", trail.operation, trail.requestId, cause);
    return new ServiceException(
        ErrorCode.INTERNAL_FAILURE, "an internal failure; the log has request " + trail.requestId);
  }

  /**
   * An AWS error of a call that is not handled, in the protocol of the call.
   *
   * @param call its head; null if that has not been read
   */
  ApiResponse error(@Nullable Call call, ServiceException error) {
    CallContext context = call == null ? CallContext.UNREAD : context(call);
    return context.error(error, UUID.randomUUID().toString());
  }
}
