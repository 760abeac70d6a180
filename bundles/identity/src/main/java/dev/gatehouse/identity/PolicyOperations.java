package dev.gatehouse.identity;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.http.ApiHandler;
import dev.gatehouse.api.http.ApiOperation;
import dev.gatehouse.api.http.ApiRequest;
import dev.gatehouse.api.http.ApiResponse;
import dev.gatehouse.api.http.IotServices;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.store.Table;
import dev.gatehouse.json.Json;
import dev.gatehouse.json.JsonBody;
import dev.gatehouse.json.Marker;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.function.BiPredicate;
import java.util.function.Function;

/** The API operations on policies (guide: AWS IoT Policies). */
final class PolicyOperations {
  private static final int PAGE = 25;

  private final Policies policies;
  private final Certificates certificates;
  private final GroupPolicies groups;
  private final BiPredicate<Account, String> cognitoIdentities;

  PolicyOperations(
      Policies policies,
      Certificates certificates,
      GroupPolicies groups,
      BiPredicate<Account, String> cognitoIdentities) {
    this.policies = policies;
    this.certificates = certificates;
    this.groups = groups;
    this.cognitoIdentities = cognitoIdentities;
  }

  List<ApiOperation> list() {
    String one = "/policies/{policyName}";
    String versions = one + "/version";
    String version = versions + "/{policyVersionId}";
    String targets = "/target-policies/{policyName}";
    String principals = "/principal-policies/{policyName}";
    Function<ApiRequest, List<String>> onTarget =
        request -> List.of(Resources.target(target(request)));
    Function<ApiRequest, List<String>> onPrincipal =
        request -> List.of(Resources.target(principal(request)));
    return List.of(
        operation("CreatePolicy", "POST", one, 10, this::create),
        operation("GetPolicy", "GET", one, 10, this::get),
        operation("DeletePolicy", "DELETE", one, 10, this::delete),
        operation("ListPolicies", "GET", "/policies", 10, this::listPolicies),
        operation("CreatePolicyVersion", "POST", versions, 10, this::createVersion),
        operation("ListPolicyVersions", "GET", versions, 10, this::listVersions),
        operation("GetPolicyVersion", "GET", version, 15, this::getVersion),
        operation("DeletePolicyVersion", "DELETE", version, 10, this::deleteVersion),
        operation("SetDefaultPolicyVersion", "PATCH", version, 10, this::setDefault),
        operation("AttachPolicy", "PUT", targets, 15, this::attach).on(onTarget),
        operation("DetachPolicy", "POST", targets, 15, this::detach).on(onTarget),
        operation(
            "ListAttachedPolicies", "POST", "/attached-policies/{target+}", 15, this::attached),
        operation(
            "ListTargetsForPolicy", "POST", "/policy-targets/{policyName}", 10, this::targets),
        operation("AttachPrincipalPolicy", "PUT", principals, 15, this::attachPrincipal)
            .on(onPrincipal),
        operation("DetachPrincipalPolicy", "DELETE", principals, 15, this::detachPrincipal)
            .on(onPrincipal),
        operation(
            "ListPrincipalPolicies", "GET", "/principal-policies", 15, this::principalPolicies),
        operation("ListPolicyPrincipals", "GET", "/policy-principals", 10, this::policyPrincipals));
  }

  private static ApiOperation operation(
      String name, String method, String path, int perSecond, ApiHandler handler) {
    return new ApiOperation(
        name, IotServices.IOT, method, path, "iot:" + name, Resources::policy, perSecond, handler);
  }

  private CompletionStage<ApiResponse> create(ApiRequest request) {
    JsonBody body = Json.body(request.body());
    String document = body.requireText("policyDocument");
    return policies
        .create(request.account(), request.path("policyName"), document, body.tags())
        .thenApply(
            made ->
                ApiResponse.json(
                    Json.bytes(
                        Json.object()
                            .put("policyName", made.name())
                            .put("policyArn", made.arn())
                            .put("policyDocument", document)
                            .put("policyVersionId", "1"))));
  }

  private CompletionStage<ApiResponse> get(ApiRequest request) {
    PolicyRecord policy = policies.require(request.account(), request.path("policyName"));
    return Resources.answer(
        Json.object()
            .put("policyName", policy.name())
            .put("policyArn", policy.arn())
            .put("policyDocument", policy.current().document())
            .put("defaultVersionId", Integer.toString(policy.defaultVersion()))
            .put("creationDate", policy.versions().get(0).createdMillis() / 1000.0)
            .put("lastModifiedDate", policy.current().createdMillis() / 1000.0)
            .put("generationId", Integer.toString(policy.nextVersion())));
  }

  private CompletionStage<ApiResponse> delete(ApiRequest request) {
    return policies
        .delete(request.account(), request.path("policyName"))
        .thenApply(done -> ApiResponse.empty());
  }

  private static Table.Order order(ApiRequest request) {
    return request.flag("isAscendingOrder") ? Table.Order.ASCENDING : Table.Order.DESCENDING;
  }

  private static String from(Marker marker, ApiRequest request) {
    return marker.decode("marker", request.query("marker").orElse(""));
  }

  private CompletionStage<ApiResponse> listPolicies(ApiRequest request) {
    int size = request.pageSize("pageSize", PAGE);
    Marker marker = Marker.of("ListPolicies", request);
    List<PolicyRecord> page =
        policies.page(request.account(), from(marker, request), size + 1, order(request));
    ObjectNode answer = Json.object();
    ArrayNode list = answer.putArray("policies");
    page.stream().limit(size).forEach(policy -> summary(list, policy.name(), policy.arn()));
    if (page.size() > size) {
      answer.put("nextMarker", marker.encode(page.get(size).name()));
    }
    return Resources.answer(answer);
  }

  private static void summary(ArrayNode list, String name, String arn) {
    list.addObject().put("policyName", name).put("policyArn", arn);
  }

  private CompletionStage<ApiResponse> createVersion(ApiRequest request) {
    String document = Json.body(request.body()).requireText("policyDocument");
    boolean asDefault = request.flag("setAsDefault");
    return policies
        .createVersion(request.account(), request.path("policyName"), document, asDefault)
        .thenApply(
            policy ->
                ApiResponse.json(
                    Json.bytes(
                        Json.object()
                            .put("policyArn", policy.arn())
                            .put("policyDocument", document)
                            .put("policyVersionId", Integer.toString(policy.nextVersion() - 1))
                            .put("isDefaultVersion", asDefault))));
  }

  private CompletionStage<ApiResponse> listVersions(ApiRequest request) {
    PolicyRecord policy = policies.require(request.account(), request.path("policyName"));
    ObjectNode answer = Json.object();
    ArrayNode list = answer.putArray("policyVersions");
    for (PolicyRecord.Version version : policy.versions()) {
      list.addObject()
          .put("versionId", Integer.toString(version.id()))
          .put("isDefaultVersion", version.id() == policy.defaultVersion())
          .put("createDate", version.createdMillis() / 1000.0);
    }
    return Resources.answer(answer);
  }

  private static int version(ApiRequest request) {
    String text = request.path("policyVersionId");
    if (!text.matches("[0-9]{1,9}")) {
      throw new ServiceException(
          ErrorCode.INVALID_REQUEST, "policyVersionId '" + text + "' is not a number");
    }
    return Integer.parseInt(text);
  }

  private CompletionStage<ApiResponse> getVersion(ApiRequest request) {
    int id = version(request);
    PolicyRecord policy =
        policies.requireVersion(request.account(), request.path("policyName"), id);
    PolicyRecord.Version version = policy.version(id).orElseThrow();
    return Resources.answer(
        Json.object()
            .put("policyName", policy.name())
            .put("policyArn", policy.arn())
            .put("policyDocument", version.document())
            .put("policyVersionId", Integer.toString(id))
            .put("isDefaultVersion", id == policy.defaultVersion())
            .put("creationDate", version.createdMillis() / 1000.0)
            .put("lastModifiedDate", version.createdMillis() / 1000.0)
            .put("generationId", Integer.toString(policy.nextVersion())));
  }

  private CompletionStage<ApiResponse> deleteVersion(ApiRequest request) {
    return policies
        .deleteVersion(request.account(), request.path("policyName"), version(request))
        .thenApply(done -> ApiResponse.empty());
  }

  private CompletionStage<ApiResponse> setDefault(ApiRequest request) {
    return policies
        .setDefault(request.account(), request.path("policyName"), version(request))
        .thenApply(done -> ApiResponse.empty());
  }

  private CompletionStage<ApiResponse> attach(ApiRequest request, String target) {
    Account account = request.account();
    boolean group = GroupPolicies.isGroup(account, target);
    if (group && groups.path(account, target).isEmpty()) {
      throw new ServiceException(ErrorCode.RESOURCE_NOT_FOUND, "there is no thing group " + target);
    }
    if (group || cognitoIdentities.test(account, target)) {
      return policies
          .attach(account, request.path("policyName"), target, batch -> {})
          .thenApply(done -> ApiResponse.empty());
    }
    String id = Resources.certificateId(account, target);
    return policies
        .attach(
            account,
            request.path("policyName"),
            target,
            batch -> certificates.expect(attachable(account, id), batch))
        .thenApply(done -> ApiResponse.empty());
  }

  private DeviceCertificate attachable(Account account, String id) {
    DeviceCertificate certificate = certificates.require(account, id);
    if (certificate.status() == DeviceCertificate.Status.PENDING_TRANSFER) {
      throw new ServiceException(
          ErrorCode.INVALID_REQUEST, "certificate " + id + " is being transferred");
    }
    return certificate;
  }

  /** As AWS does it, a policy that is absent is as good as detached; a target that is, is not. */
  private CompletionStage<ApiResponse> detach(ApiRequest request, String target) {
    Account account = request.account();
    if (!exists(account, target)) {
      throw new ServiceException(ErrorCode.INVALID_REQUEST, "Invalid Target");
    }
    return policies
        .detach(account, request.path("policyName"), target)
        .thenApply(done -> ApiResponse.empty());
  }

  private boolean exists(Account account, String target) {
    if (GroupPolicies.isGroup(account, target)) {
      return !groups.path(account, target).isEmpty();
    }
    return cognitoIdentities.test(account, target)
        || certificates.find(account, Resources.certificateId(account, target)).isPresent();
  }

  private CompletionStage<ApiResponse> attach(ApiRequest request) {
    return attach(request, target(request));
  }

  private CompletionStage<ApiResponse> detach(ApiRequest request) {
    return detach(request, target(request));
  }

  private static String target(ApiRequest request) {
    return Json.body(request.body()).requireText("target");
  }

  private static String header(ApiRequest request, String name) {
    return request
        .header(name)
        .orElseThrow(
            () ->
                new ServiceException(
                    ErrorCode.INVALID_REQUEST, "the header " + name + " is missing"));
  }

  private CompletionStage<ApiResponse> attachPrincipal(ApiRequest request) {
    return attach(request, requireNoGroup(request));
  }

  private CompletionStage<ApiResponse> detachPrincipal(ApiRequest request) {
    return detach(request, requireNoGroup(request));
  }

  private static String principal(ApiRequest request) {
    return header(request, "x-amzn-iot-principal");
  }

  /** Policies go on thing groups by AttachPolicy alone. */
  private static String requireNoGroup(ApiRequest request) {
    String principal = principal(request);
    if (GroupPolicies.isGroup(request.account(), principal)) {
      throw new ServiceException(
          ErrorCode.INVALID_REQUEST, "The given ARN does not represent a cert");
    }
    return principal;
  }

  private CompletionStage<ApiResponse> attached(ApiRequest request) {
    String target = request.path("target");
    boolean above = request.flag("recursive") && GroupPolicies.isGroup(request.account(), target);
    return policiesOn(request, above ? groups.path(request.account(), target) : Set.of(target));
  }

  private CompletionStage<ApiResponse> principalPolicies(ApiRequest request) {
    return policiesOn(request, Set.of(principal(request)));
  }

  /** At most ten can be attached, to each of seven groups: without a size they are one page. */
  private CompletionStage<ApiResponse> policiesOn(ApiRequest request, Set<String> targets) {
    Account account = request.account();
    Marker marker = Marker.of("policies", request);
    int size = request.pageSize("pageSize", Integer.MAX_VALUE);
    NavigableSet<String> names = new TreeSet<>();
    targets.forEach(target -> names.addAll(policies.attached(account, target)));
    ObjectNode answer = Json.object();
    ArrayNode list = answer.putArray("policies");
    for (String name : names.tailSet(from(marker, request))) {
      if (list.size() == size) {
        answer.put("nextMarker", marker.encode(name));
        break;
      }
      summary(list, name, account.arn("iot", "policy/" + name).toString());
    }
    return Resources.answer(answer);
  }

  private CompletionStage<ApiResponse> targets(ApiRequest request) {
    return targetsOf(request, request.path("policyName"), "targets");
  }

  private CompletionStage<ApiResponse> policyPrincipals(ApiRequest request) {
    return targetsOf(request, header(request, "x-amzn-iot-policy"), "principals");
  }

  private CompletionStage<ApiResponse> targetsOf(ApiRequest request, String policy, String member) {
    policies.require(request.account(), policy);
    int size = request.pageSize("pageSize", PAGE);
    Marker marker = Marker.of(member, request);
    List<String> page =
        policies.targets(
            request.account(), policy, from(marker, request), size + 1, Table.Order.ASCENDING);
    ObjectNode answer = Json.object();
    ArrayNode list = answer.putArray(member);
    page.stream().limit(size).forEach(list::add);
    if (page.size() > size) {
      answer.put("nextMarker", marker.encode(page.get(size)));
    }
    return Resources.answer(answer);
  }
}
