package dev.gatehouse.http.sigv4;

import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.api.identity.SigningKeys;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** Verifies signatures (AWS Signature Version 4, as every AWS SDK makes it). */
public final class SignatureVerifier {
  private static final DateTimeFormatter TIMESTAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'");
  private static final Duration SKEW = Duration.ofMinutes(5);
  private static final String GLOBAL_REGION = "us-east-1";
  private static final String TRACE_ID = "x-amzn-trace-id";

  private final SigningKeys keys;
  private final Clock clock;
  private final Predicate<String> regional;

  /**
   * Verifies with keys, by a clock.
   *
   * @param regional whether calls with a service name in their scope must be signed for the
   *     gateway's region
   */
  public SignatureVerifier(SigningKeys keys, Clock clock, Predicate<String> regional) {
    this.keys = keys;
    this.clock = clock;
    this.regional = regional;
  }

  /** Who signed, for which service, with which key, and when its session was issued, if any. */
  public record Verified(
      Principal principal, String service, String accessKeyId, @Nullable Instant issued) {}

  /**
   * Checks a request.
   *
   * @throws ServiceException with the code that AWS answers, saying what does not fit
   */
  public Verified verify(SignedRequest request) {
    List<QueryString.Parameter> query = QueryString.parse(request.rawQuery());
    Credential credential = CredentialReader.read(request, query);
    checkTime(credential);
    String payloadHash = payloadHash(request);
    checkSigned(request, credential);
    String toSign =
        "AWS4-HMAC-SHA256\n"
            + credential.timestamp()
            + "\n"
            + credential.scope()
            + "\n"
            + sha256(
                canonical(request, query, credential, payloadHash)
                    .getBytes(StandardCharsets.UTF_8));
    Optional<SigningKeys.SigningKey> key =
        keys.signingKey(
            credential.accessKeyId(),
            credential.date(),
            credential.region(),
            credential.service(),
            credential.sessionToken());
    // An unknown key takes as long as a known one.
    byte[] expected = hmac(key.map(SigningKeys.SigningKey::key).orElse(new byte[32]), toSign);
    boolean same = MessageDigest.isEqual(expected, HexFormat.of().parseHex(credential.signature()));
    if (key.isEmpty()) {
      throw unknownKey();
    }
    if (!same) {
      throw SignatureException.invalid(
          "the signature does not match the one reckoned here; check the secret key, the signed"
              + " headers and the path");
    }
    Principal principal = key.get().principal();
    boolean here =
        principal.account().region().equals(credential.region())
            || (credential.region().equals(GLOBAL_REGION) && !regional.test(credential.service()));
    if (!here) {
      throw SignatureException.invalid(
          "the credential is scoped to "
              + credential.region()
              + ", this gateway is in "
              + principal.account().region());
    }
    keys.used(credential.accessKeyId(), credential.region(), credential.service());
    return new Verified(
        principal, credential.service(), credential.accessKeyId(), key.get().issued().orElse(null));
  }

  /**
   * Checks what the head of a request shows while its body is still to come: form and time of the
   * signature, that the key exists, and the signature itself if the body's hash is in a header.
   *
   * @param head with {@link SignedRequest#BODY_FOLLOWS}
   * @throws ServiceException as {@link #verify} throws it
   */
  public void verifyHead(SignedRequest head) {
    if (head.headers().containsKey("x-amz-content-sha256")) {
      verify(head);
      return;
    }
    Credential credential = CredentialReader.read(head, QueryString.parse(head.rawQuery()));
    checkTime(credential);
    boolean known =
        keys.signingKey(
                credential.accessKeyId(),
                credential.date(),
                credential.region(),
                credential.service(),
                credential.sessionToken())
            .isPresent();
    if (!known) {
      throw unknownKey();
    }
  }

  private static ServiceException unknownKey() {
    return new ServiceException(
        ErrorCode.UNRECOGNIZED_CLIENT, "the access key id or session token is not valid");
  }

  private void checkTime(Credential credential) {
    Instant signed;
    try {
      signed = LocalDateTime.parse(credential.timestamp(), TIMESTAMP).toInstant(ZoneOffset.UTC);
    } catch (DateTimeParseException e) {
      throw SignatureException.incomplete(
          "the date '" + credential.timestamp() + "' is not a time");
    }
    Instant now = clock.instant();
    Duration age = Duration.between(signed, now);
    boolean early = age.compareTo(SKEW.negated()) < 0;
    Duration limit =
        credential.presigned() ? Duration.ofSeconds(credential.expiresSeconds()) : SKEW;
    if (early || age.compareTo(limit) > 0) {
      throw SignatureException.invalid(
          "the signature was made at "
              + credential.timestamp()
              + ", here it is "
              + TIMESTAMP.format(LocalDateTime.ofInstant(now, ZoneOffset.UTC))
              + "; at most "
              + limit.toSeconds()
              + " s may lie between");
    }
  }

  /**
   * Headers that begin with {@code x-amz} decide what a call does, so whoever could add one after
   * the signing would decide it (AWS Signature Version 4: signed headers). Only {@code
   * x-amzn-trace-id} decides nothing; clients leave it out, as proxies add it.
   */
  private static void checkSigned(SignedRequest request, Credential credential) {
    for (String name : request.headers().keySet()) {
      if (name.startsWith("x-amz")
          && !name.equals(TRACE_ID)
          && !credential.signedHeaders().contains(name)) {
        throw SignatureException.incomplete("the header " + name + " is sent but not signed");
      }
    }
  }

  private static String payloadHash(SignedRequest request) {
    List<String> stated = request.headers().getOrDefault("x-amz-content-sha256", List.of());
    if (request.bodyFollows() && stated.size() == 1 && stated.get(0).matches("[0-9a-f]{64}")) {
      return stated.get(0); // the body is checked against it when it is there
    }
    String actual = sha256(request.body());
    if (stated.isEmpty()) {
      return actual;
    }
    String value = stated.get(0);
    boolean unsigned = value.equals("UNSIGNED-PAYLOAD");
    boolean reads = request.body().length == 0 && request.method().equals("GET");
    if (stated.size() > 1 || !(value.equals(actual) || (unsigned && reads))) {
      throw SignatureException.invalid(
          unsigned
              ? "the payload must be signed"
              : "x-amz-content-sha256 is not the hash of the body");
    }
    return value;
  }

  private static String canonical(
      SignedRequest request,
      List<QueryString.Parameter> query,
      Credential credential,
      String payloadHash) {
    List<QueryString.Parameter> signed =
        query.stream()
            .filter(p -> !(credential.presigned() && leftOut(p.name(), request)))
            .toList();
    StringBuilder headers = new StringBuilder();
    for (String name : credential.signedHeaders()) {
      @Nullable List<String> values = request.headers().get(name);
      if (values == null) {
        throw SignatureException.incomplete("the header " + name + " is signed but not sent");
      }
      headers
          .append(name)
          .append(':')
          .append(
              values.stream()
                  .map(value -> value.strip().replaceAll(" +", " "))
                  .collect(Collectors.joining(",")))
          .append('\n');
    }
    return request.method()
        + "\n"
        + QueryString.encodePath(request.rawPath())
        + "\n"
        + QueryString.canonical(signed)
        + "\n"
        + headers
        + "\n"
        + String.join(";", credential.signedHeaders())
        + "\n"
        + payloadHash;
  }

  private static boolean leftOut(String name, SignedRequest request) {
    return name.equals("X-Amz-Signature")
        || (name.equals("X-Amz-Security-Token") && request.opensWebSocket());
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static byte[] hmac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has HmacSHA256", e);
    }
  }
}
