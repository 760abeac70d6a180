package dev.gatehouse.identity;

import com.fasterxml.jackson.databind.JsonNode;
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
import dev.gatehouse.api.identity.Decision;
import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.identity.policy.Moment;
import dev.gatehouse.identity.policy.Policy;
import dev.gatehouse.identity.policy.Values;
import dev.gatehouse.json.Json;
import dev.gatehouse.json.JsonBody;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.function.BiPredicate;

/** What somebody may do, asked before it is tried. */
final class AuthorizationOperations {
  private static final Map<String, String> ACTIONS =
      Map.of(
          "CONNECT", "iot:Connect",
          "PUBLISH", "iot:Publish",
          "SUBSCRIBE", "iot:Subscribe",
          "RECEIVE", "iot:Receive");
  private static final int MAX_INFOS = 10;

  private final Policies policies;
  private final PolicyIndex index;
  private final Certificates certificates;
  private final ConnectionFacts facts;
  private final GroupPolicies groups;
  private final BiPredicate<Account, String> cognitoIdentities;

  /**
   * For all accounts.
   *
   * @param cognitoIdentities whether an account has an identity of that id
   */
  AuthorizationOperations(
      Policies policies,
      PolicyIndex index,
      Certificates certificates,
      ConnectionFacts facts,
      GroupPolicies groups,
      BiPredicate<Account, String> cognitoIdentities) {
    this.policies = policies;
    this.index = index;
    this.certificates = certificates;
    this.facts = facts;
    this.groups = groups;
    this.cognitoIdentities = cognitoIdentities;
  }

  List<ApiOperation> list() {
    return List.of(
        operation("GetEffectivePolicies", "/effective-policies", this::effective),
        operation("TestAuthorization", "/test-authorization", this::test));
  }

  private static ApiOperation operation(String name, String path, ApiHandler handler) {
    return new ApiOperation(
        name,
        IotServices.IOT,
        "POST",
        path,
        "iot:" + name,
        AuthorizationOperations::resource,
        10,
        handler);
  }

  /** The principal that is asked about; everything if only policies or a thing are. */
  private static String resource(ApiRequest request) {
    return Json.body(request.body()).text("principal").map(Resources::target).orElse("*");
  }

  private static String named(JsonBody body) {
    return body.text("principal")
        .orElseThrow(() -> new ServiceException(ErrorCode.INVALID_REQUEST, "principal is missing"));
  }

  private Principal principal(Account account, String name) {
    if (cognitoIdentities.test(account, name)) {
      return new Principal.CognitoIdentity(account, name, true);
    }
    String id = Resources.certificateId(account, name);
    certificates.require(account, id);
    return new Principal.Certificate(account, id);
  }

  private CompletionStage<ApiResponse> effective(ApiRequest request) {
    Account account = request.account();
    Set<String> names = new LinkedHashSet<>();
    targets(account, Json.body(request.body()).text("principal"), request.query("thingName"))
        .forEach(target -> names.addAll(policies.attached(account, target)));
    ObjectNode answer = Json.object();
    ArrayNode list = answer.putArray("effectivePolicies");
    for (String name : names) {
      policies
          .find(account, name)
          .ifPresent(
              policy ->
                  list.addObject()
                      .put("policyName", name)
                      .put("policyArn", policy.arn())
                      .put("policyDocument", policy.current().document()));
    }
    return Resources.answer(answer);
  }

  /** What the policies are attached to that hold for a principal, a thing, or one as the other. */
  private Set<String> targets(Account account, Optional<String> principal, Optional<String> thing) {
    if (principal.isEmpty() && thing.isEmpty()) {
      throw new ServiceException(
          ErrorCode.INVALID_REQUEST, "neither principal nor thingName is given");
    }
    if (thing.isPresent() && !groups.isThing(account, thing.get())) {
      throw new ServiceException(
          ErrorCode.RESOURCE_NOT_FOUND, "there is no thing '" + thing.get() + "'");
    }
    Set<String> targets = new LinkedHashSet<>();
    if (principal.isPresent()) {
      String name = principal.get();
      if (GroupPolicies.isGroup(account, name)) {
        Set<String> path = groups.path(account, name);
        if (path.isEmpty()) {
          throw new ServiceException(
              ErrorCode.RESOURCE_NOT_FOUND, "there is no thing group " + name);
        }
        targets.addAll(path);
      } else {
        principal(account, name);
        targets.add(name);
      }
    }
    thing
        .filter(name -> principal.isEmpty() || groups.isAttached(account, principal.get(), name))
        .ifPresent(name -> targets.addAll(groups.ofThing(account, name)));
    return targets;
  }

  private CompletionStage<ApiResponse> test(ApiRequest request) {
    Account account = request.account();
    JsonBody body = Json.body(request.body());
    Set<String> names = new LinkedHashSet<>(texts(body.tree(), "policyNamesToAdd"));
    names.forEach(name -> policies.require(account, name));
    Map<String, String> known = new TreeMap<>();
    request.query("clientId").ifPresent(id -> known.put("iot:ClientId", id));
    known.put("aws:SourceIp", request.sourceIp());
    known.put("aws:SecureTransport", "true");
    Principal principal = request.principal();
    if (body.text("principal").isPresent()) {
      principal = principal(account, named(body));
      if (principal instanceof Principal.Certificate certificate) {
        known.put("iot:CertificateId", certificate.certificateId());
      }
      names.addAll(policies.attached(account, named(body)));
      groups
          .targets(account, named(body), known.get("iot:ClientId"))
          .forEach(group -> names.addAll(policies.attached(account, group)));
    }
    names.removeAll(texts(body.tree(), "policyNamesToSkip"));
    Map<String, Policy> considered = new TreeMap<>();
    names.forEach(
        name -> index.policy(account, name).ifPresent(policy -> considered.put(name, policy)));
    Trial trial =
        new Trial(
            account,
            considered,
            Moment.at(
                request.time(),
                facts.complete(principal, known, List.copyOf(considered.values()))));
    ObjectNode answer = Json.object();
    ArrayNode results = answer.putArray("authResults");
    infos(body.tree()).forEach(info -> results.add(trial.result(info)));
    return Resources.answer(answer);
  }

  private static List<String> texts(JsonNode node, String member) {
    JsonNode list = node.path(member);
    List<String> texts = new ArrayList<>();
    if (!list.isMissingNode() && !list.isNull()) {
      if (!list.isArray()) {
        throw wrong(member + " must be a list of strings");
      }
      for (JsonNode element : list) {
        if (!element.isTextual()) {
          throw wrong(member + " must be a list of strings");
        }
        texts.add(element.asText());
      }
    }
    return texts;
  }

  private static ServiceException wrong(String message) {
    return new ServiceException(ErrorCode.INVALID_REQUEST, message);
  }

  private record Info(String type, List<String> resources) {}

  private static List<Info> infos(JsonNode body) {
    JsonNode list = body.path("authInfos");
    if (!list.isArray() || list.isEmpty() || list.size() > MAX_INFOS) {
      throw wrong("authInfos must be a list of 1 to " + MAX_INFOS);
    }
    List<Info> infos = new ArrayList<>();
    for (JsonNode node : list) {
      String type = node.path("actionType").asText();
      List<String> resources = texts(node, "resources");
      if (!ACTIONS.containsKey(type) || resources.isEmpty()) {
        throw wrong(
            "authInfos["
                + infos.size()
                + "] must have resources and an actionType of "
                + new TreeSet<>(ACTIONS.keySet()));
      }
      infos.add(new Info(type, resources));
    }
    return infos;
  }

  /** What some policies say under some variables. */
  private record Trial(Account account, Map<String, Policy> policies, Values variables) {

    private Decision decide(List<Policy> some, Info info) {
      String action = String.valueOf(ACTIONS.get(info.type()));
      Decision all = Decision.ALLOWED;
      for (String resource : info.resources()) {
        Decision one = Policy.decide(some, action, resource, variables);
        if (one == Decision.EXPLICITLY_DENIED) {
          return one;
        }
        all = one.allowed() ? all : one;
      }
      return all;
    }

    ObjectNode result(Info info) {
      ObjectNode result = Json.object();
      ObjectNode asked = result.putObject("authInfo").put("actionType", info.type());
      ArrayNode resources = asked.putArray("resources");
      info.resources().forEach(resources::add);
      Decision decision = decide(List.copyOf(policies.values()), info);
      ArrayNode allowed = result.putObject("allowed").putArray("policies");
      ObjectNode denied = result.putObject("denied");
      ArrayNode implicit = denied.putObject("implicitDeny").putArray("policies");
      ArrayNode explicit = denied.putObject("explicitDeny").putArray("policies");
      policies.forEach(
          (name, policy) -> {
            ArrayNode place =
                switch (decide(List.of(policy), info)) {
                  case ALLOWED -> allowed;
                  case EXPLICITLY_DENIED -> explicit;
                  case IMPLICITLY_DENIED -> implicit;
                };
            place
                .addObject()
                .put("policyName", name)
                .put("policyArn", account.arn("iot", "policy/" + name).toString());
          });
      result.put(
          "authDecision",
          switch (decision) {
            case ALLOWED -> "ALLOWED";
            case EXPLICITLY_DENIED -> "EXPLICIT_DENY";
            case IMPLICITLY_DENIED -> "IMPLICIT_DENY";
          });
      ArrayNode missing = result.putArray("missingContextValues");
      Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
      policies.values().forEach(policy -> names.addAll(policy.variables()));
      names.stream().filter(name -> variables.all(name).isEmpty()).forEach(missing::add);
      return result;
    }
  }
}
