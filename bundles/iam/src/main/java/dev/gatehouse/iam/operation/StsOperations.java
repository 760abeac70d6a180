package dev.gatehouse.iam.operation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.http.ApiHandler;
import dev.gatehouse.api.http.ApiOperation;
import dev.gatehouse.api.http.ApiRequest;
import dev.gatehouse.api.http.ApiResponse;
import dev.gatehouse.api.identity.Arn;
import dev.gatehouse.api.identity.Decision;
import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.api.identity.PrincipalRights;
import dev.gatehouse.iam.directory.AccountState;
import dev.gatehouse.iam.directory.Directory;
import dev.gatehouse.iam.directory.Role;
import dev.gatehouse.iam.policy.Documents;
import dev.gatehouse.iam.policy.Party;
import dev.gatehouse.iam.policy.TrustPolicy;
import dev.gatehouse.iam.service.IamServices;
import dev.gatehouse.iam.session.Credentials;
import dev.gatehouse.iam.session.PackedPolicies;
import dev.gatehouse.iam.session.Sessions;
import dev.gatehouse.json.Json;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The operations of STS: who calls, and sessions of roles, also of another account. */
public final class StsOperations {
  private static final int PER_SECOND = 20;
  private static final int CHAINED_SECONDS = 3600;

  private final Directory directory;
  private final Documents documents;
  private final Sessions sessions;
  private final PrincipalRights rights;

  /** Over a directory. */
  public StsOperations(
      Directory directory, Documents documents, Sessions sessions, PrincipalRights rights) {
    this.directory = directory;
    this.documents = documents;
    this.sessions = sessions;
    this.rights = rights;
  }

  /** The operations. What a caller must be allowed, they look at themselves. */
  public List<ApiOperation> list() {
    return List.of(
        operation("GetCallerIdentity", this::callerIdentity),
        operation("AssumeRole", this::assumeRole));
  }

  private static ApiOperation operation(String name, ApiHandler handler) {
    return new ApiOperation(
        name, IamServices.STS, "POST", "/", "", request -> "*", PER_SECOND, handler);
  }

  private static CompletionStage<ApiResponse> answer(ObjectNode node) {
    return CompletableFuture.completedFuture(ApiResponse.json(Json.bytes(node)));
  }

  private CompletionStage<ApiResponse> callerIdentity(ApiRequest request) {
    Principal principal = request.principal();
    return answer(
        Json.object()
            .put("Arn", arn(principal))
            .put("UserId", principal.id())
            .put("Account", principal.account().id()));
  }

  private String arn(Principal principal) {
    if (principal instanceof Principal.User user) {
      return directory
          .find(user.account().id())
          .flatMap(state -> state.user(user.userName()))
          .map(found -> found.arn(user.account()))
          .orElse(user.arn())
          .toString();
    }
    String resource =
        principal instanceof Principal.RoleSession session
            ? session.roleName() + "/" + session.sessionName()
            : principal.id();
    return new Arn("aws", "sts", "", principal.account().id(), "assumed-role/" + resource)
        .toString();
  }

  private CompletionStage<ApiResponse> assumeRole(ApiRequest request) {
    Input input = new Input(request);
    String roleArn = input.require("RoleArn");
    String name = input.require("RoleSessionName");
    if (!name.matches("[\\w+=,.@-]{2,64}")) {
      throw Input.invalid("RoleSessionName '" + name + "' is not 2 to 64 of a-z A-Z 0-9 _+=,.@-");
    }
    if (request.query().keySet().stream().anyMatch(key -> key.startsWith("Tags."))) {
      throw new ServiceException(
          ErrorCode.NOT_IMPLEMENTED, "session tags are not served by this gateway");
    }
    List<String> policies = SessionPolicies.read(input, documents);
    Granted granted = granted(input, roleArn).orElseThrow(() -> refused(request, roleArn));
    Role role = granted.role();
    boolean chained = request.principal() instanceof Principal.RoleSession;
    int longest =
        chained ? Math.min(CHAINED_SECONDS, role.maxSessionSeconds()) : role.maxSessionSeconds();
    int seconds = input.number("DurationSeconds", 3600, 900, longest);
    SessionPolicies.require(policies, granted.state());
    Principal.RoleSession session =
        new Principal.RoleSession(
            granted.state().account(), role.name(), role.id(), name, policies);
    Credentials made = sessions.issue(session, Duration.ofSeconds(seconds));
    return answer(assumed(session, made));
  }

  private ObjectNode assumed(Principal.RoleSession session, Credentials made) {
    ObjectNode answer = Json.object();
    answer.putObject("AssumedRoleUser").put("AssumedRoleId", session.id()).put("Arn", arn(session));
    answer
        .putObject("Credentials")
        .put("AccessKeyId", made.accessKeyId())
        .put("SecretAccessKey", made.secretAccessKey())
        .put("SessionToken", made.sessionToken())
        .put("Expiration", made.expiration().toString());
    if (!session.policies().isEmpty()) {
      answer.put("PackedPolicySize", PackedPolicies.percent(session.policies()));
    }
    return answer;
  }

  private record Granted(AccountState state, Role role) {}

  /** An absent role and one that may not be taken look the same. */
  private ServiceException refused(ApiRequest request, String roleArn) {
    return new ServiceException(
        ErrorCode.ACCESS_DENIED,
        "User: %s is not authorized to perform: sts:AssumeRole on resource: %s"
            .formatted(arn(request.principal()), roleArn));
  }

  /**
   * The role must trust the caller, and the caller's own policies must allow it, too, unless the
   * role is of the same account and names the caller itself (IAM User Guide: cross-account).
   */
  private Optional<Granted> granted(Input input, String roleArn) {
    Principal caller = input.request().principal();
    Optional<Granted> found = find(roleArn);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    Map<String, String> variables = new HashMap<>();
    variables.putAll(input.request().conditionKeys());
    variables.put("aws:PrincipalArn", arn(caller));
    variables.put("aws:PrincipalAccount", caller.account().id());
    input.get("ExternalId").ifPresent(id -> variables.put("sts:ExternalId", id));
    variables.put("sts:RoleSessionName", input.require("RoleSessionName"));
    TrustPolicy.Answer trust =
        TrustPolicy.parse(found.get().role().trust(), documents)
            .decide(new Party.Caller(caller), "sts:AssumeRole", variables);
    Decision own =
        rights.rights(caller, input.request()::conditionKeys).decide("sts:AssumeRole", roleArn);
    boolean sameAccount = found.get().state().account().equals(caller.account());
    boolean enough =
        switch (trust) {
          case NOT_TRUSTED -> false;
          case ACCOUNT_TRUSTED -> own.allowed();
          case TRUSTED ->
              own.allowed()
                  || (sameAccount && !limited(caller) && own != Decision.EXPLICITLY_DENIED);
        };
    return enough ? found : Optional.empty();
  }

  /** A session with policies of its own may do nothing that they do not allow. */
  private static boolean limited(Principal caller) {
    return caller instanceof Principal.RoleSession session && !session.policies().isEmpty();
  }

  private Optional<Granted> find(String roleArn) {
    Arn arn;
    try {
      arn = Arn.parse(roleArn);
    } catch (IllegalArgumentException e) {
      throw Input.invalid("RoleArn: " + e.getMessage());
    }
    return directory
        .find(arn.account())
        .flatMap(state -> state.roleOfArn(roleArn).map(role -> new Granted(state, role)));
  }
}
