package dev.gatehouse.iam.cognito;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.iam.service.CognitoErrors;
import dev.gatehouse.json.Json;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.time.Clock;
import java.util.Base64;

/**
 * ID tokens of OpenID Connect (JWT, RFC 7519) signed with RS256 or ES256. Whatever else a token
 * says of its algorithm, it is refused; the key decides, too.
 */
final class IdentityTokens {
  private static final int MAX_TOKEN = 16 << 10;
  private static final int MIN_RSA_BITS = 2048;
  private static final long SKEW_SECONDS = 60;

  private final KeySets keySets;
  private final Clock clock;

  IdentityTokens(KeySets keySets, Clock clock) {
    this.keySets = keySets;
    this.clock = clock;
  }

  /**
   * The subject of a token.
   *
   * @param provider the issuer without {@code https://}, as pools name it
   * @param clientId for whom the token must be
   * @throws ServiceException NOT_AUTHORIZED saying what does not fit
   */
  String subject(String provider, String clientId, String token) {
    String[] parts = token.split("\\.", -1);
    if (token.length() > MAX_TOKEN || parts.length != 3) {
      throw refused("it is not a signed JWT");
    }
    JsonNode header = json(parts[0]);
    String algorithm = header.path("alg").asText();
    if (!algorithm.equals("RS256") && !algorithm.equals("ES256")) {
      throw refused("alg '" + algorithm + "' is not RS256 or ES256");
    }
    JsonNode key =
        keySets
            .key(provider, header.path("kid").asText(), algorithm)
            .orElseThrow(() -> refused("its key is not among those of " + provider));
    String signed = parts[0] + "." + parts[1];
    if (!verify(key, algorithm, signed, bytes(parts[2]))) {
      throw refused("its signature is wrong");
    }
    JsonNode claims = json(parts[1]);
    checkClaims(claims, provider, clientId);
    return claims.path("sub").asText();
  }

  private void checkClaims(JsonNode claims, String provider, String clientId) {
    if (!claims.path("iss").asText().replaceFirst("^https://", "").equals(provider)) {
      throw refused("iss '" + claims.path("iss").asText() + "' is not " + provider);
    }
    boolean audience = claims.path("aud").asText().equals(clientId);
    for (JsonNode one : claims.path("aud")) {
      audience |= one.asText().equals(clientId);
    }
    if (!audience) {
      throw refused("aud is not " + clientId);
    }
    long now = clock.instant().getEpochSecond();
    if (!claims.path("exp").isNumber() || claims.path("exp").asLong() + SKEW_SECONDS <= now) {
      throw refused("it has expired");
    }
    if (claims.path("nbf").asLong() > now + SKEW_SECONDS) {
      throw refused("it is not valid yet");
    }
    if (claims.path("sub").asText().isEmpty() || claims.path("sub").asText().length() > 255) {
      throw refused("sub is missing or longer than 255 characters");
    }
  }

  private static ServiceException refused(String why) {
    return new ServiceException(CognitoErrors.NOT_AUTHORIZED, "Invalid login token: " + why);
  }

  private static byte[] bytes(String base64) {
    try {
      return Base64.getUrlDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw refused("it is not base64url");
    }
  }

  private static JsonNode json(String part) {
    try {
      return Json.parse(bytes(part));
    } catch (JsonProcessingException e) {
      throw refused("a part of it is not JSON");
    }
  }

  private static boolean verify(JsonNode key, String algorithm, String signed, byte[] signature) {
    try {
      boolean rsa = algorithm.equals("RS256");
      Signature verifier =
          Signature.getInstance(rsa ? "SHA256withRSA" : "SHA256withECDSAinP1363Format");
      verifier.initVerify(rsa ? rsaKey(key) : ecKey(key));
      verifier.update(signed.getBytes(StandardCharsets.US_ASCII));
      return verifier.verify(signature);
    } catch (GeneralSecurityException e) {
      return false; // a signature of another form
    }
  }

  private static BigInteger number(JsonNode key, String name) {
    return new BigInteger(1, bytes(key.path(name).asText()));
  }

  private static PublicKey rsaKey(JsonNode key) throws GeneralSecurityException {
    BigInteger modulus = number(key, "n");
    if (modulus.bitLength() < MIN_RSA_BITS) {
      throw refused("its RSA key has " + modulus.bitLength() + " bits");
    }
    return KeyFactory.getInstance("RSA")
        .generatePublic(new RSAPublicKeySpec(modulus, number(key, "e")));
  }

  private static PublicKey ecKey(JsonNode key) throws GeneralSecurityException {
    AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
    parameters.init(new ECGenParameterSpec("secp256r1"));
    return KeyFactory.getInstance("EC")
        .generatePublic(
            new ECPublicKeySpec(
                new ECPoint(number(key, "x"), number(key, "y")),
                parameters.getParameterSpec(ECParameterSpec.class)));
  }
}
