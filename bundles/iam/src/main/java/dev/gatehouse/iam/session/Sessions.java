package dev.gatehouse.iam.session;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.json.Json;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * Credentials of sessions. All that is known of one is sealed in its token, which the client sends
 * along, so nothing need be kept and a restart ends none.
 */
public final class Sessions {
  private static final int FORMAT = 1;
  private static final int MAX_TOKEN = 4096;
  private static final Duration LONGEST = Duration.ofHours(12);

  private final Seal seal;
  private final Clock clock;

  /** Seals tokens with the same key as access keys. */
  public Sessions(Seal seal, Clock clock) {
    this.seal = seal;
    this.clock = clock;
  }

  /** What a token says. */
  public record Session(
      Principal principal, String accessKeyId, String secret, Instant issued, Instant end) {
    @Override
    public String toString() {
      return accessKeyId;
    }
  }

  /**
   * New credentials of a role's session or of a Cognito identity.
   *
   * @throws dev.gatehouse.api.error.ServiceException PACKED_POLICY_TOO_LARGE
   */
  public Credentials issue(Principal principal, Duration lifetime) {
    String keyId = Ids.next("ASIA");
    String secret = Ids.secret();
    Instant end = Instant.ofEpochSecond(clock.instant().plus(lifetime).getEpochSecond());
    ObjectNode node =
        Json.object()
            .put("key", keyId)
            .put("secret", secret)
            .put("issued", clock.instant().getEpochSecond())
            .put("end", end.getEpochSecond())
            .put("account", principal.account().id())
            .put("region", principal.account().region());
    if (principal instanceof Principal.RoleSession session) {
      node.put("role", session.roleName())
          .put("roleId", session.roleId())
          .put("session", session.sessionName());
      if (!session.policies().isEmpty()) {
        byte[] packed = PackedPolicies.pack(session.policies());
        node.put("policies", Base64.getEncoder().encodeToString(packed));
      }
    } else if (principal instanceof Principal.CognitoIdentity identity) {
      node.put("identity", identity.identityId()).put("authenticated", identity.authenticated());
    } else {
      throw new IllegalArgumentException("no session for " + principal.id());
    }
    try {
      byte[] sealed = seal.close(Json.stored(FORMAT, node));
      return new Credentials(keyId, secret, Base64.getEncoder().encodeToString(sealed), end);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a token cannot be sealed", e);
    }
  }

  /** The session of a token, ended or not; empty if the token is none of ours. */
  public Optional<Session> open(String token) {
    if (token.length() > MAX_TOKEN) {
      return Optional.empty();
    }
    try {
      return Optional.of(read(Json.restored(FORMAT, seal.open(Base64.getDecoder().decode(token)))));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Session read(ObjectNode node) {
    Account account = new Account(node.path("account").asText(), node.path("region").asText());
    Principal principal =
        node.has("role")
            ? new Principal.RoleSession(
                account,
                node.path("role").asText(),
                node.path("roleId").asText(),
                node.path("session").asText(),
                policies(node))
            : new Principal.CognitoIdentity(
                account, node.path("identity").asText(), node.path("authenticated").asBoolean());
    Instant end = Instant.ofEpochSecond(node.path("end").asLong());
    // A token of an earlier version does not say when it was issued; no session is longer.
    Instant issued =
        node.has("issued")
            ? Instant.ofEpochSecond(node.path("issued").asLong())
            : end.minus(LONGEST);
    return new Session(
        principal, node.path("key").asText(), node.path("secret").asText(), issued, end);
  }

  private static List<String> policies(ObjectNode node) {
    return node.has("policies")
        ? PackedPolicies.unpack(Base64.getDecoder().decode(node.path("policies").asText()))
        : List.of();
  }

  /** Whether a session has ended. */
  public boolean ended(Session session) {
    return !clock.instant().isBefore(session.end());
  }

  /** The key to sign with in a scope. */
  public static byte[] signingKey(Session session, String date, String region, String service) {
    try {
      byte[] secret = session.secret().getBytes(StandardCharsets.US_ASCII);
      return SigV4Key.derive(secret, date, region, service);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a key cannot be derived", e);
    }
  }
}
