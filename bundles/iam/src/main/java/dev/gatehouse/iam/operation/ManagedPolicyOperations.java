package dev.gatehouse.iam.operation;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.http.ApiOperation;
import dev.gatehouse.api.http.ApiRequest;
import dev.gatehouse.iam.directory.AccountState;
import dev.gatehouse.iam.directory.AwsPolicies;
import dev.gatehouse.iam.directory.Directory;
import dev.gatehouse.iam.directory.Draft;
import dev.gatehouse.iam.directory.Holder;
import dev.gatehouse.iam.directory.Kind;
import dev.gatehouse.iam.directory.ManagedPolicy;
import dev.gatehouse.iam.policy.Documents;
import dev.gatehouse.iam.service.IamErrors;
import dev.gatehouse.iam.session.Ids;
import dev.gatehouse.json.Json;
import dev.gatehouse.json.Marker;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Managed policies and their versions. */
public final class ManagedPolicyOperations {
  private static final int MAX_VERSIONS = 5;

  private final Directory directory;
  private final Documents documents;

  /** Over a directory. */
  public ManagedPolicyOperations(Directory directory, Documents documents) {
    this.directory = directory;
    this.documents = documents;
  }

  /** The operations. */
  public List<ApiOperation> list() {
    Table table = new Table(directory);
    return table
        .change("CreatePolicy", table.about(Kind.POLICY), this::create)
        .read("GetPolicy", ManagedPolicyOperations::resource, ManagedPolicyOperations::get)
        .read("ListPolicies", Table.all(Kind.POLICY), ManagedPolicyOperations::listed)
        .change("DeletePolicy", ManagedPolicyOperations::resource, ManagedPolicyOperations::delete)
        .change("CreatePolicyVersion", ManagedPolicyOperations::resource, this::createVersion)
        .read(
            "GetPolicyVersion",
            ManagedPolicyOperations::resource,
            ManagedPolicyOperations::getVersion)
        .read(
            "ListPolicyVersions",
            ManagedPolicyOperations::resource,
            ManagedPolicyOperations::versions)
        .change(
            "DeletePolicyVersion",
            ManagedPolicyOperations::resource,
            ManagedPolicyOperations::deleteVersion)
        .change(
            "SetDefaultPolicyVersion",
            ManagedPolicyOperations::resource,
            ManagedPolicyOperations::setDefault)
        .read(
            "ListEntitiesForPolicy",
            ManagedPolicyOperations::resource,
            ManagedPolicyOperations::holders)
        .list();
  }

  static String resource(ApiRequest request) {
    return new Input(request).require("PolicyArn");
  }

  private String document(Input input) {
    String document = input.require("PolicyDocument");
    documents.check(document, Kind.POLICY.documentLength());
    return document;
  }

  private ObjectNode create(Input input, Draft draft) {
    ManagedPolicy policy =
        new ManagedPolicy(
            input.name(Kind.POLICY),
            input.path("Path"),
            Ids.next(Kind.POLICY.idPrefix()),
            draft.nowMillis(),
            input.get("Description").orElse(""),
            1,
            2,
            List.of(new ManagedPolicy.Version(1, document(input), draft.nowMillis())),
            TagOperations.given(input));
    draft.create(policy);
    ObjectNode answer = Json.object();
    answer.set("Policy", Views.tagged(policy, Views.policy(policy, draft.state())));
    return answer;
  }

  /** The policy of an ARN, which must be there. */
  static ManagedPolicy require(AccountState state, String arn) {
    return state
        .policy(arn)
        .orElseThrow(
            () ->
                new ServiceException(
                    IamErrors.NO_SUCH_ENTITY, "Policy " + arn + " does not exist."));
  }

  static ManagedPolicy policy(Input input, AccountState state) {
    return require(state, input.require("PolicyArn"));
  }

  /** One that the account itself keeps. */
  static ManagedPolicy own(Input input, Draft draft) {
    String arn = input.require("PolicyArn");
    ManagedPolicy policy = require(draft.state(), arn);
    if (AwsPolicies.owns(arn)) {
      throw new ServiceException(
          ErrorCode.ACCESS_DENIED, "Policy " + arn + " is AWS's own and cannot be changed.");
    }
    return policy;
  }

  private static ObjectNode get(Input input, AccountState state) {
    ManagedPolicy policy = policy(input, state);
    ObjectNode answer = Json.object();
    answer.set("Policy", Views.tagged(policy, Views.policy(policy, state)));
    return answer;
  }

  private static ObjectNode listed(Input input, AccountState state) {
    String scope = input.get("Scope").orElse("All");
    if (!List.of("All", "AWS", "Local").contains(scope)) {
      throw Input.invalid("Scope must be All, AWS or Local, not '" + scope + "'.");
    }
    List<ManagedPolicy> all = new ArrayList<>();
    if (!scope.equals("Local")) {
      all.addAll(AwsPolicies.all());
    }
    if (!scope.equals("AWS")) {
      state.list(Kind.POLICY).forEach(policy -> all.add((ManagedPolicy) policy));
    }
    boolean attachedOnly = input.flag("OnlyAttached");
    String prefix = input.get("PathPrefix").orElse("/");
    all.removeIf(
        policy ->
            !policy.path().startsWith(prefix)
                || (attachedOnly && state.holders(Views.arn(policy, state.account())).isEmpty()));
    all.sort(Comparator.comparing(ManagedPolicy::name, String.CASE_INSENSITIVE_ORDER));
    return Table.page(
        input,
        "Policies",
        all,
        ManagedPolicy::name,
        (list, policy) -> list.add(Views.policy(policy, state)));
  }

  private static ObjectNode delete(Input input, Draft draft) {
    ManagedPolicy policy = own(input, draft);
    if (!draft.state().holders(input.require("PolicyArn")).isEmpty()) {
      throw new ServiceException(
          IamErrors.DELETE_CONFLICT, "Cannot delete a policy attached to entities.");
    }
    if (policy.versions().size() > 1) {
      throw new ServiceException(
          IamErrors.DELETE_CONFLICT,
          "This policy has more than one version. Before you delete a policy, you must delete the"
              + " policy's versions. The default version is deleted with the policy.");
    }
    draft.remove(policy);
    return Json.object();
  }

  private ObjectNode createVersion(Input input, Draft draft) {
    ManagedPolicy policy = own(input, draft);
    if (policy.versions().size() >= MAX_VERSIONS) {
      throw new ServiceException(
          IamErrors.LIMIT_EXCEEDED,
          "A managed policy can have up to 5 versions. Before you create a new version, you must"
              + " delete an existing version.");
    }
    ManagedPolicy next =
        policy.plus(document(input), input.flag("SetAsDefault"), draft.nowMillis());
    draft.put(next);
    ObjectNode answer = Json.object();
    answer.set(
        "PolicyVersion", Views.version(next, next.versions().get(next.versions().size() - 1)));
    return answer;
  }

  private static ManagedPolicy.Version version(Input input, ManagedPolicy policy) {
    String id = input.require("VersionId");
    if (!id.matches("v[1-9][0-9]{0,8}")) {
      throw Input.invalid("VersionId '" + id + "' is not like v1.");
    }
    return policy
        .version(Integer.parseInt(id.substring(1)))
        .orElseThrow(
            () ->
                new ServiceException(
                    IamErrors.NO_SUCH_ENTITY,
                    "Policy " + policy.name() + " version " + id + " does not exist."));
  }

  private static ObjectNode getVersion(Input input, AccountState state) {
    ManagedPolicy policy = policy(input, state);
    ManagedPolicy.Version version = version(input, policy);
    ObjectNode answer = Json.object();
    answer.set(
        "PolicyVersion",
        Views.version(policy, version).put("Document", Views.document(version.document())));
    return answer;
  }

  private static ObjectNode versions(Input input, AccountState state) {
    ManagedPolicy policy = policy(input, state);
    return Table.page(
        input,
        "Versions",
        policy.versions(),
        version -> "%010d".formatted(Integer.MAX_VALUE - version.number()), // newest first
        (list, version) -> list.add(Views.version(policy, version)));
  }

  private static ObjectNode deleteVersion(Input input, Draft draft) {
    ManagedPolicy policy = own(input, draft);
    int number = version(input, policy).number();
    if (number == policy.defaultVersion()) {
      throw new ServiceException(
          IamErrors.DELETE_CONFLICT, "Cannot delete the default version of a policy.");
    }
    draft.put(policy.minus(number));
    return Json.object();
  }

  private static ObjectNode setDefault(Input input, Draft draft) {
    ManagedPolicy policy = own(input, draft);
    draft.put(policy.withDefault(version(input, policy).number()));
    return Json.object();
  }

  private static ObjectNode holders(Input input, AccountState state) {
    policy(input, state);
    // All are one page, which gives no token.
    Marker.of("holders", input.request()).decode("Marker", input.get("Marker").orElse(""));
    ObjectNode answer = Json.object();
    for (Kind kind : List.of(Kind.USER, Kind.GROUP, Kind.ROLE)) {
      ArrayNode list = answer.putArray("Policy" + kind.title() + "s");
      for (Holder holder : state.holders(input.require("PolicyArn"))) {
        if (holder.kind() == kind) {
          list.addObject()
              .put(kind.title() + "Name", holder.name())
              .put(kind.title() + "Id", holder.id());
        }
      }
    }
    return answer.put("IsTruncated", false);
  }
}
