package dev.gatehouse.iam.operation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.http.ApiOperation;
import dev.gatehouse.iam.directory.AccountState;
import dev.gatehouse.iam.directory.Directory;
import dev.gatehouse.iam.directory.Draft;
import dev.gatehouse.iam.directory.Grants;
import dev.gatehouse.iam.directory.Kind;
import dev.gatehouse.iam.directory.Role;
import dev.gatehouse.iam.policy.Documents;
import dev.gatehouse.iam.policy.TrustPolicy;
import dev.gatehouse.iam.service.IamErrors;
import dev.gatehouse.iam.session.Ids;
import dev.gatehouse.json.Json;
import java.util.List;

/** Roles and who may take them. */
public final class RoleOperations {
  private static final int HOUR = 3600;
  private static final int MAX_TRUST = 2048;

  private final Directory directory;
  private final Documents documents;

  /** Over a directory. */
  public RoleOperations(Directory directory, Documents documents) {
    this.directory = directory;
    this.documents = documents;
  }

  /** The operations. */
  public List<ApiOperation> list() {
    Table table = new Table(directory);
    var about = table.about(Kind.ROLE);
    return table
        .change("CreateRole", about, this::create)
        .read("GetRole", about, RoleOperations::get)
        .read("ListRoles", Table.all(Kind.ROLE), RoleOperations::listed)
        .change("UpdateRole", about, RoleOperations::update)
        .change("UpdateAssumeRolePolicy", about, this::updateTrust)
        .change("DeleteRole", about, RoleOperations::delete)
        .list();
  }

  private String trust(Input input, String parameter) {
    String document = input.require(parameter);
    if (Documents.length(document) > MAX_TRUST) {
      throw new ServiceException(
          IamErrors.LIMIT_EXCEEDED, "Cannot exceed quota for ACLSizePerRole: " + MAX_TRUST);
    }
    TrustPolicy.given(document, documents);
    return document;
  }

  private ObjectNode create(Input input, Draft draft) {
    input.withoutBoundary();
    Role role =
        new Role(
            input.name(Kind.ROLE),
            input.path("Path"),
            Ids.next(Kind.ROLE.idPrefix()),
            draft.nowMillis(),
            trust(input, "AssumeRolePolicyDocument"),
            description(input),
            input.number("MaxSessionDuration", HOUR, HOUR, 12 * HOUR),
            Grants.NONE,
            TagOperations.given(input));
    draft.create(role);
    return wrapped(role, draft.state());
  }

  private static String description(Input input) {
    String description = input.get("Description").orElse("");
    if (description.length() > 1000) {
      throw Input.invalid("Description is longer than 1000 characters.");
    }
    return description;
  }

  private static ObjectNode wrapped(Role role, AccountState state) {
    ObjectNode answer = Json.object();
    answer.set("Role", Views.tagged(role, Views.role(role, state.account())));
    return answer;
  }

  private static ObjectNode get(Input input, AccountState state) {
    return wrapped(state.require(Kind.ROLE, input.name(Kind.ROLE), Role.class), state);
  }

  private static ObjectNode listed(Input input, AccountState state) {
    String prefix = input.get("PathPrefix").orElse("/");
    List<Role> roles =
        state.list(Kind.ROLE).stream()
            .filter(role -> role.path().startsWith(prefix))
            .map(Role.class::cast)
            .toList();
    return Table.page(
        input,
        "Roles",
        roles,
        Role::name,
        (list, role) -> list.add(Views.role(role, state.account())));
  }

  private static Role role(Input input, Draft draft) {
    return draft.require(Kind.ROLE, input.name(Kind.ROLE), Role.class);
  }

  private static ObjectNode update(Input input, Draft draft) {
    Role role = role(input, draft);
    String description =
        input.request().query().containsKey("Description")
            ? description(input)
            : role.description();
    draft.put(
        role.described(
            description,
            input.number("MaxSessionDuration", role.maxSessionSeconds(), HOUR, 12 * HOUR)));
    return Json.object();
  }

  private ObjectNode updateTrust(Input input, Draft draft) {
    draft.put(role(input, draft).trusting(trust(input, "PolicyDocument")));
    return Json.object();
  }

  private static ObjectNode delete(Input input, Draft draft) {
    Role role = role(input, draft);
    if (!role.grants().isEmpty()) {
      throw UserOperations.conflict("policies first");
    }
    draft.remove(role);
    return Json.object();
  }
}
