package dev.gatehouse.iam.cognito;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.http.ApiHandler;
import dev.gatehouse.api.http.ApiOperation;
import dev.gatehouse.api.http.ApiRequest;
import dev.gatehouse.api.http.ApiResponse;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.api.identity.PrincipalRights;
import dev.gatehouse.iam.service.CognitoErrors;
import dev.gatehouse.iam.service.IamServices;
import dev.gatehouse.json.Json;
import dev.gatehouse.json.Marker;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The operations on identity pools, for whoever runs the gateway. */
public final class PoolOperations {
  private static final int PER_SECOND = 10;

  private final Identities identities;
  private final KeySets keySets;
  private final PrincipalRights rights;

  /** Over pools. */
  public PoolOperations(Identities identities, KeySets keySets, PrincipalRights rights) {
    this.identities = identities;
    this.keySets = keySets;
    this.rights = rights;
  }

  /** The operations. */
  public List<ApiOperation> list() {
    return List.of(
        onNone("CreateIdentityPool", this::create),
        operation("UpdateIdentityPool", this::update),
        operation("DescribeIdentityPool", request -> answer(described(pool(request)))),
        onNone("ListIdentityPools", this::listed),
        operation("DeleteIdentityPool", this::delete),
        operation("SetIdentityPoolRoles", this::setRoles),
        operation("GetIdentityPoolRoles", request -> answer(roles(pool(request)))));
  }

  private static ApiOperation operation(String name, ApiHandler handler) {
    return new ApiOperation(
        name,
        IamServices.COGNITO_IDENTITY,
        "POST",
        "/",
        "cognito-identity:" + name,
        PoolOperations::resource,
        PER_SECOND,
        handler);
  }

  private static ApiOperation onNone(String name, ApiHandler handler) {
    return operation(name, handler).on(request -> List.of("*"));
  }

  private static String resource(ApiRequest request) {
    String id = require(body(request), "IdentityPoolId");
    return request.account().arn("cognito-identity", "identitypool/" + id).toString();
  }

  static ObjectNode body(ApiRequest request) {
    return Json.body(request.body()).tree();
  }

  static ServiceException invalid(String message) {
    return new ServiceException(CognitoErrors.INVALID_PARAMETER, message);
  }

  static String require(ObjectNode body, String name) {
    String value = body.path(name).asText();
    if (value.isEmpty()) {
      throw invalid("the member " + name + " is missing");
    }
    return value;
  }

  static CompletionStage<ApiResponse> answer(ObjectNode node) {
    return CompletableFuture.completedFuture(ApiResponse.json(Json.bytes(node)));
  }

  private Pool pool(ApiRequest request) {
    String id = require(body(request), "IdentityPoolId");
    return identities
        .find(id)
        .filter(pool -> pool.account().equals(request.account()))
        .orElseThrow(() -> absent(id));
  }

  static ServiceException absent(String id) {
    return new ServiceException(
        ErrorCode.RESOURCE_NOT_FOUND, "IdentityPool '" + id + "' not found.");
  }

  private CompletionStage<ApiResponse> create(ApiRequest request) {
    Account account = request.account();
    return put(parsed(request, account.region() + ":" + UUID.randomUUID(), "", ""));
  }

  private CompletionStage<ApiResponse> update(ApiRequest request) {
    Pool before = pool(request);
    return put(
        parsed(request, before.id(), before.authenticatedRole(), before.unauthenticatedRole()));
  }

  private CompletionStage<ApiResponse> put(Pool pool) {
    return identities.put(pool).thenCompose(made -> answer(described(made)));
  }

  private Pool parsed(ApiRequest request, String id, String authenticated, String stranger) {
    ObjectNode body = body(request);
    String name = require(body, "IdentityPoolName");
    if (!name.matches("[\\w\\s+=,.@-]{1,128}")) {
      throw invalid("IdentityPoolName '" + name + "' is not 1 to 128 of letters, digits, +=,.@-");
    }
    for (String foreign :
        List.of("OpenIdConnectProviderARNs", "CognitoIdentityProviders", "SamlProviderARNs")) {
      if (!body.path(foreign).isEmpty()) {
        throw invalid(
            foreign + " is not served; name issuers and client ids in SupportedLoginProviders");
      }
    }
    JsonNode strangers = body.path("AllowUnauthenticatedIdentities");
    if (!strangers.isBoolean()) {
      throw invalid("AllowUnauthenticatedIdentities must be true or false");
    }
    return new Pool(
        request.account(),
        id,
        name,
        strangers.asBoolean(),
        providers(body.path("SupportedLoginProviders")),
        authenticated,
        stranger);
  }

  private Map<String, String> providers(JsonNode node) {
    Map<String, String> providers = new HashMap<>();
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      if (!keySets.knows(entry.getKey())) {
        throw invalid(
            "the issuer '" + entry.getKey() + "' is not among openIdIssuers of dev.gatehouse.iam");
      }
      providers.put(entry.getKey(), entry.getValue().asText());
    }
    return providers;
  }

  private static ObjectNode described(Pool pool) {
    ObjectNode answer =
        Json.object()
            .put("IdentityPoolId", pool.id())
            .put("IdentityPoolName", pool.name())
            .put("AllowUnauthenticatedIdentities", pool.allowsUnauthenticated());
    ObjectNode providers = answer.putObject("SupportedLoginProviders");
    pool.providers().forEach(providers::put);
    return answer;
  }

  private CompletionStage<ApiResponse> listed(ApiRequest request) {
    ObjectNode body = body(request);
    int size = body.path("MaxResults").asInt();
    if (size < 1 || size > 60) {
      throw invalid("MaxResults must be 1 to 60");
    }
    Marker marker = Marker.of("IdentityPools", request.account().toString());
    String from;
    try {
      from = marker.decode("NextToken", body.path("NextToken").asText());
    } catch (ServiceException e) {
      throw invalid(e.getMessage());
    }
    ObjectNode answer = Json.object();
    ArrayNode list = answer.putArray("IdentityPools");
    for (Pool pool : identities.list(request.account())) {
      if (pool.id().compareTo(from) >= 0) {
        if (list.size() == size) {
          answer.put("NextToken", marker.encode(pool.id()));
          break;
        }
        list.addObject().put("IdentityPoolId", pool.id()).put("IdentityPoolName", pool.name());
      }
    }
    return answer(answer);
  }

  private CompletionStage<ApiResponse> delete(ApiRequest request) {
    return identities.delete(pool(request)).thenApply(done -> ApiResponse.empty());
  }

  private CompletionStage<ApiResponse> setRoles(ApiRequest request) {
    Pool pool = pool(request);
    JsonNode roles = body(request).path("Roles");
    for (Map.Entry<String, JsonNode> role : roles.properties()) {
      if (!List.of("authenticated", "unauthenticated").contains(role.getKey())) {
        throw invalid("Roles: '" + role.getKey() + "' is not authenticated or unauthenticated");
      }
      pass(request, role.getValue().asText());
    }
    return identities
        .put(
            pool.with(roles.path("authenticated").asText(), roles.path("unauthenticated").asText()))
        .thenApply(done -> ApiResponse.empty());
  }

  private void pass(ApiRequest request, String roleArn) {
    String prefix = "arn:aws:iam::" + request.account().id() + ":role/";
    if (!roleArn.startsWith(prefix)) {
      throw invalid("'" + roleArn + "' is not the ARN of a role of the account");
    }
    boolean may =
        request.principal() instanceof Principal.Component
            || rights
                .rights(request.principal(), request::conditionKeys)
                .decide("iam:PassRole", roleArn)
                .allowed();
    if (!may) {
      throw new ServiceException(
          ErrorCode.FORBIDDEN,
          request.principal().id() + " is not allowed to do iam:PassRole on " + roleArn);
    }
  }

  private static ObjectNode roles(Pool pool) {
    ObjectNode answer = Json.object().put("IdentityPoolId", pool.id());
    ObjectNode roles = answer.putObject("Roles");
    pool.roleArn(true).ifPresent(arn -> roles.put("authenticated", arn));
    pool.roleArn(false).ifPresent(arn -> roles.put("unauthenticated", arn));
    return answer;
  }
}
