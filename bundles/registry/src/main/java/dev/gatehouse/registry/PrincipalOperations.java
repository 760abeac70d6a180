package dev.gatehouse.registry;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.http.ApiOperation;
import dev.gatehouse.api.http.ApiRequest;
import dev.gatehouse.api.http.ApiResponse;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.identity.Arn;
import dev.gatehouse.api.identity.CertificateDirectory;
import dev.gatehouse.api.registry.Thing;
import dev.gatehouse.json.Json;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** The API operations on things' principals (guide: Attach a principal to a thing). */
final class PrincipalOperations {
  private static final int PAGE = 100;

  private final Things things;
  private final CertificateDirectory certificates;

  PrincipalOperations(Things things, CertificateDirectory certificates) {
    this.things = things;
    this.certificates = certificates;
  }

  List<ApiOperation> list() {
    String principals = "/things/{thingName}/principals";
    return List.of(
        ThingOperations.operation("AttachThingPrincipal", "PUT", principals, this::attach),
        ThingOperations.operation("DetachThingPrincipal", "DELETE", principals, this::detach),
        ThingOperations.operation("ListThingPrincipals", "GET", principals, this::ofThing),
        ThingOperations.operation(
            "ListPrincipalThings", "GET", "/principals/things", this::ofPrincipal));
  }

  private static String principal(ApiRequest request) {
    return request
        .header("x-amzn-principal")
        .orElseThrow(() -> Validation.invalid("the header x-amzn-principal is missing"));
  }

  private CompletionStage<ApiResponse> attach(ApiRequest request) {
    Account account = request.account();
    String principal = principal(request);
    Thing thing = things.require(account, request.path("thingName"));
    requireCertificate(account, principal);
    return things.attach(account, thing, principal).thenApply(done -> ApiResponse.empty());
  }

  private void requireCertificate(Account account, String principal) {
    Arn arn;
    try {
      arn = Arn.parse(principal);
    } catch (IllegalArgumentException e) {
      throw Validation.invalid(String.valueOf(e.getMessage()));
    }
    boolean here =
        arn.service().equals("iot")
            && arn.account().equals(account.id())
            && arn.region().equals(account.region())
            && arn.resource().startsWith("cert/");
    if (!here || !certificates.exists(account, arn.resource().substring("cert/".length()))) {
      throw new ServiceException(
          ErrorCode.RESOURCE_NOT_FOUND, "there is no certificate " + principal);
    }
  }

  private CompletionStage<ApiResponse> detach(ApiRequest request) {
    Account account = request.account();
    Thing thing = things.require(account, request.path("thingName"));
    return things
        .detach(account, thing.name(), principal(request))
        .thenApply(done -> ApiResponse.empty());
  }

  private CompletionStage<ApiResponse> ofThing(ApiRequest request) {
    Thing thing = things.require(request.account(), request.path("thingName"));
    int size = request.pageSize("maxResults", PAGE);
    List<String> page =
        things.principals(
            request.account(), thing.name(), ThingOperations.token(request), size + 1);
    return answer("principals", page, size);
  }

  private CompletionStage<ApiResponse> ofPrincipal(ApiRequest request) {
    int size = request.pageSize("maxResults", PAGE);
    List<String> page =
        things.thingsOf(
            request.account(), principal(request), ThingOperations.token(request), size + 1);
    return answer("things", page, size);
  }

  private static CompletionStage<ApiResponse> answer(String member, List<String> page, int size) {
    ObjectNode answer = Json.object();
    ArrayNode list = answer.putArray(member);
    page.stream().limit(size).forEach(list::add);
    ThingOperations.next(answer, page, size);
    return ThingOperations.answer(answer);
  }
}
