package dev.gatehouse.registry;

import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.http.ApiHandler;
import dev.gatehouse.api.http.ApiOperation;
import dev.gatehouse.api.http.ApiRequest;
import dev.gatehouse.api.http.ApiResponse;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.identity.Arn;
import dev.gatehouse.api.identity.CertificateDirectory;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** The API operations on things' principals (guide: Attach a principal to a thing). */
final class PrincipalOperations {
  private static final String NOT_EXCLUSIVE = "NON_EXCLUSIVE_THING";

  private final Things things;
  private final Principals principals;
  private final CertificateDirectory certificates;

  PrincipalOperations(Things things, Principals principals, CertificateDirectory certificates) {
    this.things = things;
    this.principals = principals;
    this.certificates = certificates;
  }

  List<ApiOperation> list() {
    String path = "/things/{thingName}/principals";
    String things = "/principals/things";
    return List.of(
        onPrincipal("AttachThingPrincipal", "PUT", path, 15, this::attach)
            .with(PrincipalOperations::thing),
        onPrincipal("DetachThingPrincipal", "DELETE", path, 15, this::detach)
            .with(PrincipalOperations::thing),
        Operations.of("ListThingPrincipals", "GET", path, 10, this::ofThing),
        Operations.of("ListThingPrincipalsV2", "GET", path + "-v2", 10, this::ofThing2),
        onPrincipal("ListPrincipalThings", "GET", things, 10, this::ofPrincipal),
        onPrincipal("ListPrincipalThingsV2", "GET", things + "-v2", 10, this::ofPrincipal2));
  }

  /** AWS asks for rights on the certificate; the thing is a condition key. */
  private static ApiOperation onPrincipal(
      String name, String method, String path, int perSecond, ApiHandler handler) {
    return Operations.of(name, method, path, perSecond, PrincipalOperations::principalArn, handler);
  }

  private static Map<String, String> thing(ApiRequest request) {
    return Map.of("iot:thingArn", Things.arn(request.account(), request.path("thingName")));
  }

  private static String principal(ApiRequest request) {
    return request
        .header("x-amzn-principal")
        .orElseThrow(() -> Validation.invalid("the header x-amzn-principal is missing"));
  }

  /** An id of a Cognito identity is no ARN: AWS asks for such a call on {@code *}. */
  private static String principalArn(ApiRequest request) {
    String principal = principal(request);
    return principal.startsWith("arn:") ? principal : "*";
  }

  private CompletionStage<ApiResponse> attach(ApiRequest request) {
    requireNotExclusive(request);
    String principal = principal(request);
    String thing = things.require(request.account(), request.path("thingName")).name();
    requireCertificate(request.account(), principal);
    return Operations.done(principals.attach(request.account(), thing, principal));
  }

  private void requireCertificate(Account account, String principal) {
    Arn arn;
    try {
      arn = Arn.parse(principal);
    } catch (IllegalArgumentException e) {
      throw Validation.invalid(String.valueOf(e.getMessage()));
    }
    boolean here =
        account.arn("iot", arn.resource()).equals(arn) && arn.resource().startsWith("cert/");
    if (!here || !certificates.exists(account, arn.resource().substring("cert/".length()))) {
      throw new ServiceException(
          ErrorCode.RESOURCE_NOT_FOUND, "there is no certificate " + principal);
    }
  }

  private CompletionStage<ApiResponse> detach(ApiRequest request) {
    return Operations.done(
        principals.detach(request.account(), request.path("thingName"), principal(request)));
  }

  private CompletionStage<ApiResponse> ofThing(ApiRequest request) {
    return Operations.list(
        request, "principals", ofThing(request, true), (principal, list) -> list.add(principal));
  }

  private CompletionStage<ApiResponse> ofThing2(ApiRequest request) {
    return Operations.list(
        request,
        "thingPrincipalObjects",
        ofThing(request, notExclusive(request)),
        (principal, list) ->
            list.addObject().put("principal", principal).put("thingPrincipalType", NOT_EXCLUSIVE));
  }

  private Operations.Source<String> ofThing(ApiRequest request, boolean any) {
    String thing = request.path("thingName");
    if (things.find(request.account(), thing).isEmpty()) {
      throw new ServiceException(
          ErrorCode.RESOURCE_NOT_FOUND,
          "Failed to list principals for thing %s because the thing does not exist in your account"
              .formatted(thing));
    }
    return (from, limit) -> any ? principals.of(request.account(), thing, from, limit) : List.of();
  }

  private CompletionStage<ApiResponse> ofPrincipal(ApiRequest request) {
    return Operations.list(
        request, "things", ofPrincipal(request, true), (thing, list) -> list.add(thing));
  }

  private CompletionStage<ApiResponse> ofPrincipal2(ApiRequest request) {
    return Operations.list(
        request,
        "principalThingObjects",
        ofPrincipal(request, notExclusive(request)),
        (thing, list) ->
            list.addObject().put("thingName", thing).put("thingPrincipalType", NOT_EXCLUSIVE));
  }

  private Operations.Source<String> ofPrincipal(ApiRequest request, boolean any) {
    String principal = principal(request);
    return (from, limit) ->
        any ? principals.thingsOf(request.account(), principal, from, limit) : List.of();
  }

  /** Whether a list that may be limited to one type of attachment has any: all are of one type. */
  private static boolean notExclusive(ApiRequest request) {
    String type = request.query("thingPrincipalType").orElse(NOT_EXCLUSIVE);
    if (!List.of(NOT_EXCLUSIVE, "EXCLUSIVE_THING").contains(type)) {
      throw Validation.invalid(
          "thingPrincipalType '" + type + "' is not EXCLUSIVE_THING or " + NOT_EXCLUSIVE);
    }
    return type.equals(NOT_EXCLUSIVE);
  }

  private static void requireNotExclusive(ApiRequest request) {
    if (!notExclusive(request)) {
      throw Validation.invalid("thingPrincipalType EXCLUSIVE_THING is not served by this gateway");
    }
  }
}
