package dev.gatehouse.iam.cognito;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.telemetry.LogText;
import dev.gatehouse.api.time.PassedTime;
import dev.gatehouse.iam.service.CognitoErrors;
import dev.gatehouse.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The key sets (JWKS, RFC 7517) of the issuers that the gateway's owner has configured, from a file
 * or an HTTPS URL. Kept for an hour; looked at again when a key is asked for that is not there, at
 * most once a minute.
 */
public final class KeySets {
  private static final Logger LOG = LoggerFactory.getLogger(KeySets.class);
  private static final int MAX_BYTES = 256 << 10;
  private static final int TIMEOUT_MILLIS = 5_000;
  private static final long FRESH_MILLIS = Duration.ofHours(1).toMillis();
  private static final long AGAIN_MILLIS = Duration.ofMinutes(1).toMillis();

  private final Map<String, String> sources;
  private final Clock clock;
  private final PassedTime passed;
  private final Map<String, Loaded> loaded = new ConcurrentHashMap<>(); // by provider

  private record Loaded(JsonNode keys, long atMillis) {}

  /**
   * Sets of keys.
   *
   * @param sources an absolute path or an {@code https://} URL by issuer, without {@code https://}
   */
  public KeySets(Map<String, String> sources, Clock clock) {
    this.sources = Map.copyOf(sources);
    this.clock = clock;
    this.passed = PassedTime.of(clock);
  }

  boolean knows(String provider) {
    return sources.containsKey(provider);
  }

  /**
   * A key.
   *
   * @param id may be empty if the set has but one
   * @throws ServiceException SERVICE_UNAVAILABLE if the set cannot be had
   */
  Optional<JsonNode> key(String provider, String id, String algorithm) {
    Loaded now = loaded.get(provider);
    if (now == null || passed.sinceMillis(now.atMillis()) >= FRESH_MILLIS) {
      now = load(provider, now);
    }
    Optional<JsonNode> key = find(now.keys(), id, algorithm);
    if (key.isEmpty() && passed.sinceMillis(now.atMillis()) >= AGAIN_MILLIS) {
      key = find(load(provider, now).keys(), id, algorithm);
    }
    return key;
  }

  private static Optional<JsonNode> find(JsonNode keys, String id, String algorithm) {
    String type = algorithm.equals("RS256") ? "RSA" : "EC";
    for (JsonNode key : keys) {
      boolean named = key.path("kid").asText().equals(id) || (id.isEmpty() && keys.size() == 1);
      boolean signs = !key.has("use") || key.path("use").asText().equals("sig");
      boolean fits = !key.has("alg") || key.path("alg").asText().equals(algorithm);
      boolean curve = type.equals("RSA") || key.path("crv").asText().equals("P-256");
      if (named && signs && fits && curve && key.path("kty").asText().equals(type)) {
        return Optional.of(key);
      }
    }
    return Optional.empty();
  }

  private Loaded load(String provider, @Nullable Loaded before) {
    String source = sources.get(provider);
    if (source == null) {
      throw new ServiceException(
          CognitoErrors.NOT_AUTHORIZED, "the issuer " + provider + " is not configured here");
    }
    try {
      JsonNode keys = Json.parse(read(source)).path("keys");
      if (!keys.isArray()) {
        throw new IOException(source + " has no member keys");
      }
      Loaded next = new Loaded(keys, clock.millis());
      loaded.put(provider, next);
      return next;
    } catch (JsonProcessingException e) {
      return kept(provider, before, source + " is not JSON");
    } catch (IOException | IllegalArgumentException e) {
      return kept(provider, before, e.toString());
    }
  }

  private Loaded kept(String provider, @Nullable Loaded before, String reason) {
    LOG.warn(
        "event=key-set-not-loaded issuer={} reason=\"{}\"", provider, LogText.printable(reason));
    if (before == null) {
      throw new ServiceException(
          ErrorCode.SERVICE_UNAVAILABLE, "the keys of " + provider + " cannot be had now");
    }
    Loaded again = new Loaded(before.keys(), clock.millis());
    loaded.put(provider, again);
    return again;
  }

  private static byte[] read(String source) throws IOException {
    if (!source.startsWith("https://")) {
      try (InputStream in = Files.newInputStream(Path.of(source))) {
        return bounded(in, source);
      }
    }
    URLConnection connection = URI.create(source).toURL().openConnection();
    connection.setConnectTimeout(TIMEOUT_MILLIS);
    connection.setReadTimeout(TIMEOUT_MILLIS);
    try (InputStream in = connection.getInputStream()) {
      return bounded(in, source);
    }
  }

  private static byte[] bounded(InputStream in, String source) throws IOException {
    byte[] bytes = in.readNBytes(MAX_BYTES + 1);
    if (bytes.length > MAX_BYTES) {
      throw new IOException(source + " is larger than " + MAX_BYTES + " bytes");
    }
    return bytes;
  }
}
