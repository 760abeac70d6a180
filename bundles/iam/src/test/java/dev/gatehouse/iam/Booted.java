package dev.gatehouse.iam;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.http.ApiOperation;
import dev.gatehouse.api.http.ApiRequest;
import dev.gatehouse.api.http.ApiResponse;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.identity.PolicyLanguage;
import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.api.identity.Rights;
import dev.gatehouse.api.identity.SigningKeys.SigningKey;
import dev.gatehouse.json.Json;
import dev.gatehouse.testkit.InMemoryStore;
import dev.gatehouse.testkit.ManualClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** IAM on a store in memory, with the gateway's policy language, called as the edge calls it. */
final class Booted {
  static final Account ACCOUNT = new Account("123456789012", "us-east-1");
  static final Instant NOW = Instant.parse("2027-03-01T12:00:00Z");
  static final PolicyLanguage LANGUAGE = new Language(Clock.fixed(NOW, ZoneOffset.UTC));
  static final String TRUST_IOT = trust("\"Service\":\"iot.amazonaws.com\"");

  final InMemoryStore store;
  final ManualClock clock;
  final Iam iam;

  Booted(Path directory) throws IOException, GeneralSecurityException {
    this(directory, new InMemoryStore(), true);
  }

  Booted(Path directory, InMemoryStore store, boolean makeMissingRoles)
      throws IOException, GeneralSecurityException {
    this.store = store;
    this.clock = new ManualClock(NOW);
    this.iam =
        new Iam(
            store,
            new Language(clock),
            ACCOUNT,
            new IamSettings(
                directory,
                makeMissingRoles,
                Map.of("issuer.example", directory.resolve("jwks.json").toString())),
            clock,
            Runnable::run);
  }

  static String trust(String principal) {
    return "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{"
        + principal
        + "},\"Action\":\"sts:AssumeRole\"}]}";
  }

  static String allow(String action, String resource) {
    return statement("Allow", action, resource);
  }

  static String statement(String effect, String action, String resource) {
    return """
    {"Version": "2012-10-17",
     "Statement": {"Effect": "%s", "Action": "%s", "Resource": "%s"}}"""
        .formatted(effect, action, resource);
  }

  /** The administrator of an account. */
  Principal administrator(Account account) {
    return principal(account, "admin");
  }

  /** A user that is there. */
  Principal principal(Account account, String user) {
    String id =
        as(new Principal.Component(account, "test"), "GetUser", "UserName", user)
            .at("/User/UserId")
            .asText();
    return new Principal.User(account, user, id);
  }

  /** A call of the default account's administrator. */
  JsonNode call(String operation, String... parameters) {
    return as(new Principal.Component(ACCOUNT, "test"), operation, parameters);
  }

  /** A call with a JSON body, in which an apostrophe stands for a quotation mark. */
  JsonNode json(String operation, String body) {
    return called(
        new Principal.Component(ACCOUNT, "test"),
        operation,
        Map.of(),
        body.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }

  /** A call, authorised as the edge does it; the answer's JSON. */
  JsonNode as(Principal caller, String operation, String... parameters) {
    Map<String, String> query = new HashMap<>();
    for (int i = 0; i < parameters.length; i += 2) {
      query.put(parameters[i], parameters[i + 1]);
    }
    return called(caller, operation, query, new byte[0]);
  }

  private JsonNode called(
      Principal caller, String operation, Map<String, String> query, byte[] body) {
    ApiRequest request =
        new ApiRequest(
            caller.account(),
            caller,
            Map.of(),
            query,
            Map.of(),
            body,
            "192.0.2.1",
            "request",
            clock.instant());
    ApiOperation found = operation(operation);
    if (!(caller instanceof Principal.Component)
        && !found.action().isEmpty()
        && !allowed(found, request)) {
      throw new ServiceException(ErrorCode.ACCESS_DENIED, operation);
    }
    try {
      CompletableFuture<ApiResponse> stage = found.handler().handle(request).toCompletableFuture();
      return Json.parse(stage.join().body());
    } catch (CompletionException e) {
      throw e.getCause() instanceof ServiceException told ? told : e;
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private boolean allowed(ApiOperation operation, ApiRequest request) {
    Map<String, String> keys = new HashMap<>(operation.context().apply(request));
    keys.put("aws:SourceIp", "192.0.2.1");
    Rights rights = iam.rights(request.principal(), () -> keys);
    return operation.resources().apply(request).stream()
        .allMatch(resource -> rights.decide(operation.action(), resource).allowed());
  }

  ApiOperation operation(String name) {
    return iam.operations().stream()
        .filter(operation -> operation.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /** The error that a call ends with. */
  ServiceException refused(ErrorCode code, Runnable call) {
    try {
      call.run();
    } catch (ServiceException e) {
      assertThat(e.code()).as(e.getMessage()).isEqualTo(code);
      return e;
    }
    throw new AssertionError(code + " was expected");
  }

  /** Whose a key is, as the edge finds out. */
  Optional<Principal> signer(String keyId, String token) {
    return iam.signingKey(keyId, "20270301", "us-east-1", "iot", token).map(SigningKey::principal);
  }
}
