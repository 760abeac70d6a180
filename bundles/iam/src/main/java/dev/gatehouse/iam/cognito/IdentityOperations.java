package dev.gatehouse.iam.cognito;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.http.ApiHandler;
import dev.gatehouse.api.http.ApiOperation;
import dev.gatehouse.api.http.ApiRequest;
import dev.gatehouse.api.http.ApiResponse;
import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.iam.directory.Directory;
import dev.gatehouse.iam.policy.Documents;
import dev.gatehouse.iam.policy.Party;
import dev.gatehouse.iam.policy.TrustPolicy;
import dev.gatehouse.iam.service.CognitoErrors;
import dev.gatehouse.iam.service.IamServices;
import dev.gatehouse.iam.session.Credentials;
import dev.gatehouse.iam.session.Sessions;
import dev.gatehouse.json.Json;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/**
 * What apps call to get an identity and credentials for it: open, and proven by a token if at all.
 */
public final class IdentityOperations {
  private static final int PER_SECOND = 20;
  private static final Duration LIFETIME = Duration.ofHours(1);
  private static final String COGNITO = "cognito-identity.amazonaws.com";

  private final Identities identities;
  private final IdentityTokens tokens;
  private final Directory directory;
  private final Documents documents;
  private final Sessions sessions;

  /** Over pools and roles. */
  public IdentityOperations(
      Identities identities,
      KeySets keySets,
      Directory directory,
      Documents documents,
      Sessions sessions,
      Clock clock) {
    this.identities = identities;
    this.tokens = new IdentityTokens(keySets, clock);
    this.directory = directory;
    this.documents = documents;
    this.sessions = sessions;
  }

  /** The operations. */
  public List<ApiOperation> list() {
    return List.of(
        operation("GetId", this::getId),
        operation("GetCredentialsForIdentity", this::getCredentials));
  }

  private static ApiOperation operation(String name, ApiHandler handler) {
    return new ApiOperation(
        name, IamServices.COGNITO_IDENTITY, "POST", "/", "", r -> "*", PER_SECOND, true, handler);
  }

  private static ServiceException refused(String message) {
    return new ServiceException(CognitoErrors.NOT_AUTHORIZED, message);
  }

  /** {@code provider subject} of the one token that was sent; empty if none was. */
  private String login(Pool pool, JsonNode logins) {
    if (logins.isEmpty()) {
      return "";
    }
    if (logins.size() > 1) {
      throw PoolOperations.invalid("Logins: one at a time is served, not " + logins.size());
    }
    Map.Entry<String, JsonNode> login = logins.properties().iterator().next();
    String clientId = pool.providers().get(login.getKey());
    if (clientId == null) {
      throw refused("the pool does not take logins of '" + login.getKey() + "'");
    }
    return login.getKey()
        + " "
        + tokens.subject(login.getKey(), clientId, login.getValue().asText());
  }

  private CompletionStage<ApiResponse> getId(ApiRequest request) {
    ObjectNode body = PoolOperations.body(request);
    String poolId = PoolOperations.require(body, "IdentityPoolId");
    Pool pool = identities.find(poolId).orElseThrow(() -> PoolOperations.absent(poolId));
    String login = login(pool, body.path("Logins"));
    if (login.isEmpty() && !pool.allowsUnauthenticated()) {
      throw refused("Unauthenticated access is not supported for this identity pool.");
    }
    return identities
        .identityOf(pool, login)
        .thenCompose(id -> PoolOperations.answer(Json.object().put("IdentityId", id)));
  }

  private CompletionStage<ApiResponse> getCredentials(ApiRequest request) {
    ObjectNode body = PoolOperations.body(request);
    String id = PoolOperations.require(body, "IdentityId");
    Pool pool =
        identities
            .poolOf(id)
            .orElseThrow(
                () ->
                    new ServiceException(
                        ErrorCode.RESOURCE_NOT_FOUND, "Identity '" + id + "' not found."));
    boolean authenticated = identities.authenticated(id);
    if (!identities.belongsTo(id, login(pool, body.path("Logins")))) {
      throw refused("Access to Identity '" + id + "' is forbidden.");
    }
    if (!authenticated && !pool.allowsUnauthenticated()) {
      throw refused("Unauthenticated access is not supported for this identity pool.");
    }
    checkRole(pool, authenticated);
    Credentials made =
        sessions.issue(new Principal.CognitoIdentity(pool.account(), id, authenticated), LIFETIME);
    ObjectNode answer = Json.object().put("IdentityId", id);
    answer
        .putObject("Credentials")
        .put("AccessKeyId", made.accessKeyId())
        .put("SecretKey", made.secretAccessKey())
        .put("SessionToken", made.sessionToken())
        .put("Expiration", made.expiration().getEpochSecond());
    return PoolOperations.answer(answer);
  }

  private void checkRole(Pool pool, boolean authenticated) {
    String arn =
        pool.roleArn(authenticated)
            .orElseThrow(
                () ->
                    new ServiceException(
                        CognitoErrors.INVALID_IDENTITY_POOL_CONFIGURATION,
                        "Invalid identity pool configuration: no role is set for this identity."));
    Map<String, String> session =
        Map.of(
            COGNITO + ":aud",
            pool.id(),
            COGNITO + ":amr",
            authenticated ? "authenticated" : "unauthenticated");
    boolean trusted =
        directory
            .find(pool.account().id())
            .flatMap(state -> state.roleOfArn(arn))
            .filter(
                role ->
                    TrustPolicy.parse(role.trust(), documents)
                            .decide(
                                new Party.Federated(COGNITO),
                                "sts:AssumeRoleWithWebIdentity",
                                session)
                        == TrustPolicy.Answer.TRUSTED)
            .isPresent();
    if (!trusted) {
      throw new ServiceException(
          CognitoErrors.INVALID_IDENTITY_POOL_CONFIGURATION,
          "Invalid identity pool configuration: the role is absent or does not trust " + COGNITO);
    }
  }
}
