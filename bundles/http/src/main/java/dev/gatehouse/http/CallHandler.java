package dev.gatehouse.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.http.ApiOperation;
import dev.gatehouse.api.http.ApiRequest;
import dev.gatehouse.api.http.ApiResponse;
import dev.gatehouse.api.identity.Authentication;
import dev.gatehouse.api.identity.Authenticator;
import dev.gatehouse.api.identity.Authorizer;
import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.api.store.StoreConflictException;
import dev.gatehouse.api.store.StoreUnavailableException;
import dev.gatehouse.edge.StreamProtocol;
import dev.gatehouse.http.sigv4.QueryString;
import dev.gatehouse.http.sigv4.SignatureVerifier;
import dev.gatehouse.json.Json;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
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
  private static final long SECONDS = 30;

  private final Modules modules;
  private final SignatureVerifier verifier;
  private final Authenticator authenticator;
  private final Authorizer authorizer;
  private final Throttle throttle;
  private final Clock clock;
  final LongAdder calls = new LongAdder();
  final LongAdder errors = new LongAdder();

  CallHandler(
      Modules modules,
      SignatureVerifier verifier,
      Authenticator authenticator,
      Authorizer authorizer,
      Throttle throttle,
      Clock clock) {
    this.modules = modules;
    this.verifier = verifier;
    this.authenticator = authenticator;
    this.authorizer = authorizer;
    this.throttle = throttle;
    this.clock = clock;
  }

  /** Never completes exceptionally. */
  CompletionStage<ApiResponse> handle(Call call) {
    Trail trail = new Trail(call, UUID.randomUUID().toString(), clock.millis());
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
      return new StreamProtocol.Peer(null, true); // its certificate is looked at by the protocol
    }
    SignatureVerifier.Verified verified = verifier.verify(call.request());
    if (service(verified.service()) != ApiOperation.Service.IOT_DATA) {
      throw new ServiceException(
          ErrorCode.FORBIDDEN,
          "the credential is scoped to " + verified.service() + ", not to iotdevicegateway");
    }
    LOG.info(
        "event=websocket principal={} sourceIp={}", verified.principal().id(), call.sourceIp());
    return new StreamProtocol.Peer(verified.principal(), true);
  }

  /** What is answered if {@link #peer} fails. */
  ApiResponse refused(Call call, RuntimeException failure) {
    calls.increment();
    Trail trail = new Trail(call, UUID.randomUUID().toString(), clock.millis());
    trail.operation = "WebSocket";
    return finish(trail, null, failure);
  }

  private static boolean signed(Call call) {
    return call.request().headers().containsKey("authorization")
        || call.certificates().isEmpty()
        || call.request().rawQuery().contains("X-Amz-Signature");
  }

  private CompletionStage<ApiResponse> served(Call call, Trail trail) {
    if (signed(call)) {
      SignatureVerifier.Verified verified = verifier.verify(call.request());
      return authorised(call, trail, verified.principal(), service(verified.service()));
    }
    return authenticator
        .certificate(call.certificates())
        .thenCompose(
            answer -> {
              if (answer instanceof Authentication.Accepted accepted) {
                return authorised(call, trail, accepted.principal(), ApiOperation.Service.IOT_DATA);
              }
              throw new ServiceException(
                  ErrorCode.FORBIDDEN,
                  answer instanceof Authentication.Refused refused
                      ? refused.message()
                      : "the certificate is registered now and waits to be activated");
            });
  }

  private static ApiOperation.Service service(String signingName) {
    return switch (signingName) {
      case "iot", "execute-api" -> ApiOperation.Service.IOT;
      case "iotdata", "iotdevicegateway" -> ApiOperation.Service.IOT_DATA;
      default ->
          throw new ServiceException(
              ErrorCode.NOT_IMPLEMENTED,
              "the service " + signingName + " is not served by this gateway");
    };
  }

  private CompletionStage<ApiResponse> authorised(
      Call call, Trail trail, Principal principal, ApiOperation.Service service) {
    trail.principal = principal.id();
    Router.Match match =
        modules.router().find(service, call.request().method(), call.request().rawPath());
    ApiOperation operation = match.operation();
    trail.operation = operation.name();
    ApiRequest request = request(call, trail, principal, match);
    String resource = operation.resource().apply(request);
    boolean allowed =
        authorizer
            .rights(principal, Map.of("aws:SourceIp", call.sourceIp()))
            .decide(operation.action(), resource)
            .allowed();
    if (!allowed) {
      throw new ServiceException(
          service == ApiOperation.Service.IOT ? ErrorCode.UNAUTHORIZED : ErrorCode.FORBIDDEN,
          "%s is not allowed to do %s on %s"
              .formatted(principal.id(), operation.action(), resource));
    }
    throttle.take(principal.account(), operation);
    return modules
        .during(match.module(), () -> operation.handler().handle(request))
        .toCompletableFuture()
        .copy()
        .orTimeout(SECONDS, TimeUnit.SECONDS);
  }

  private ApiRequest request(Call call, Trail trail, Principal principal, Router.Match match) {
    Map<String, String> query = new HashMap<>();
    QueryString.parse(call.request().rawQuery()).forEach(p -> query.put(p.name(), p.value()));
    Map<String, String> headers = new HashMap<>();
    call.request().headers().forEach((name, values) -> headers.put(name, String.join(",", values)));
    return new ApiRequest(
        principal.account(),
        principal,
        match.parameters(),
        query,
        headers,
        call.request().body(),
        call.sourceIp(),
        trail.requestId,
        clock.instant());
  }

  private ApiResponse finish(
      Trail trail, @Nullable ApiResponse response, @Nullable Throwable failure) {
    ApiResponse answer = response;
    String error = "-";
    if (failure != null || answer == null) {
      errors.increment();
      ServiceException told = told(trail, failure);
      error = told.code().awsName();
      answer = error(told);
    }
    LOG.info(
        "event=call operation={} principal={} status={} error={} requestId={} sourceIp={} millis={}",
        trail.operation,
        trail.principal,
        answer.status(),
        error,
        trail.requestId,
        trail.call.sourceIp(),
        clock.millis() - trail.startMillis);
    Map<String, String> headers = new HashMap<>(answer.headers());
    headers.put("x-amzn-RequestId", trail.requestId);
    return new ApiResponse(answer.status(), headers, answer.body());
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
          ErrorCode.SERVICE_UNAVAILABLE, "the call took longer than " + SECONDS + " s");
    }
    FAILURES.error(
        "event=call-failed operation={} requestId={}", trail.operation, trail.requestId, cause);
    return new ServiceException(
        ErrorCode.INTERNAL_FAILURE, "an internal failure; the log has request " + trail.requestId);
  }

  /** An AWS error: its name in a header, its message in the body. */
  static ApiResponse error(ServiceException error) {
    ObjectNode body = Json.object().put("message", error.getMessage());
    error.members().forEach(body::put);
    return new ApiResponse(
        error.code().httpStatus(),
        Map.of("content-type", "application/json", "x-amzn-ErrorType", error.code().awsName()),
        Json.bytes(body));
  }

  /** What is known of a call by the time it is logged; one thread at a time. */
  private static final class Trail {
    final Call call;
    final String requestId;
    final long startMillis;
    volatile String principal = "-";
    volatile String operation = "-";

    Trail(Call call, String requestId, long startMillis) {
      this.call = call;
      this.requestId = requestId;
      this.startMillis = startMillis;
    }
  }
}
