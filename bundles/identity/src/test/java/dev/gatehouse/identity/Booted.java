package dev.gatehouse.identity;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.api.http.ApiOperation;
import dev.gatehouse.api.http.ApiRequest;
import dev.gatehouse.api.http.ApiResponse;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.testkit.InMemoryStore;
import dev.gatehouse.testkit.ManualClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** An identity on a store in memory, and calls to its operations as the HTTPS edge makes them. */
final class Booted implements AutoCloseable {
  static final Account ACCOUNT = new Account("123456789012", "us-east-1");
  static final Instant NOW = Instant.parse("2027-03-01T12:00:00Z");
  private static final ObjectMapper JSON = new ObjectMapper();

  final InMemoryStore store;
  final ManualClock clock;
  final Identity identity;
  private Account caller = ACCOUNT;

  Booted(Path directory) throws IOException, GeneralSecurityException {
    this(directory, new InMemoryStore(), new ManualClock(NOW), "");
  }

  Booted(Path directory, InMemoryStore store, ManualClock clock, String anonymousPolicy)
      throws IOException, GeneralSecurityException {
    this.store = store;
    this.clock = clock;
    this.identity =
        new Identity(
            store,
            new IdentitySettings(directory, ACCOUNT, anonymousPolicy, CipherSuites.MODERN),
            clock);
  }

  /** A call with parameters named as {@code path.name}, {@code query.name}, {@code header.name}. */
  JsonNode call(String operation, String body, String... parameters) {
    try {
      return JSON.readTree(stage(operation, body, parameters).toCompletableFuture().join().body());
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The same as another account. */
  JsonNode callAs(Account account, String operation, String body, String... parameters) {
    Account before = caller;
    caller = account;
    try {
      return call(operation, body, parameters);
    } finally {
      caller = before;
    }
  }

  CompletionStage<ApiResponse> stage(String operation, String body, String... parameters) {
    Map<String, Map<String, String>> kinds = new LinkedHashMap<>();
    for (int i = 0; i < parameters.length; i += 2) {
      String[] name = parameters[i].split("\\.", 2);
      kinds.computeIfAbsent(name[0], kind -> new LinkedHashMap<>()).put(name[1], parameters[i + 1]);
    }
    ApiRequest request =
        new ApiRequest(
            caller,
            new Principal.Component(caller, "test"),
            kinds.getOrDefault("path", Map.of()),
            kinds.getOrDefault("query", Map.of()),
            kinds.getOrDefault("header", Map.of()),
            body.getBytes(StandardCharsets.UTF_8),
            "127.0.0.1",
            "request-1",
            clock.instant());
    return operation(operation).handler().handle(request);
  }

  ApiOperation operation(String name) {
    return identity.operations().stream()
        .filter(operation -> operation.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /** Makes an active certificate; answers as CreateKeysAndCertificate. */
  JsonNode certificate() {
    return call("CreateKeysAndCertificate", "", "query.setAsActive", "true");
  }

  void policy(String name, String document) {
    call("CreatePolicy", body("policyDocument", document), "path.policyName", name);
  }

  void attach(String policy, String target) {
    call("AttachPolicy", body("target", target), "path.policyName", policy);
  }

  /** Registers a CA, active; returns its id. */
  String register(TestCa ca, boolean autoRegistration) throws Exception {
    return registerAs(ACCOUNT, ca, autoRegistration);
  }

  String registerAs(Account account, TestCa ca, boolean autoRegistration) throws Exception {
    String code = callAs(account, "GetRegistrationCode", "").get("registrationCode").asText();
    return callAs(
            account,
            "RegisterCACertificate",
            JSON.createObjectNode()
                .put("caCertificate", ca.pem())
                .put("verificationCertificate", ca.verification(code))
                .toString(),
            "query.setAsActive",
            "true",
            "query.allowAutoRegistration",
            Boolean.toString(autoRegistration))
        .get("certificateId")
        .asText();
  }

  static String body(String member, String value) {
    return JSON.createObjectNode().put(member, value).toString();
  }

  static String allow(String action) {
    return statement("Allow", action);
  }

  static String statement(String effect, String action) {
    return """
    {"Version": "2012-10-17",
     "Statement": {"Effect": "%s", "Action": "%s", "Resource": "*"}}"""
        .formatted(effect, action);
  }

  Principal.Certificate principal(JsonNode certificate) {
    return new Principal.Certificate(
        ACCOUNT, Objects.requireNonNull(certificate.get("certificateId")).asText());
  }

  @Override
  public void close() {
    identity.deactivate();
  }
}
