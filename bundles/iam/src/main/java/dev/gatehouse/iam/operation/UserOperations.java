package dev.gatehouse.iam.operation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.http.ApiOperation;
import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.iam.directory.AccountState;
import dev.gatehouse.iam.directory.Directory;
import dev.gatehouse.iam.directory.Draft;
import dev.gatehouse.iam.directory.Entity;
import dev.gatehouse.iam.directory.Grants;
import dev.gatehouse.iam.directory.Kind;
import dev.gatehouse.iam.directory.User;
import dev.gatehouse.iam.service.IamErrors;
import dev.gatehouse.iam.session.Ids;
import dev.gatehouse.json.Json;
import java.util.List;
import java.util.function.Consumer;

/** Users. The administrator of an account can be neither deleted nor renamed. */
public final class UserOperations {
  /** The name of each account's administrator. */
  public static final String ADMINISTRATOR = "admin";

  private final Directory directory;
  private final Consumer<Principal> gone;

  /**
   * Over a directory.
   *
   * @param gone told of users that were deleted
   */
  public UserOperations(Directory directory, Consumer<Principal> gone) {
    this.directory = directory;
    this.gone = gone;
  }

  /** The operations. */
  public List<ApiOperation> list() {
    Table table = new Table(directory);
    var about = table.about(Kind.USER);
    return table
        .change("CreateUser", about, UserOperations::create)
        .read("GetUser", table::userOrCaller, UserOperations::get)
        .read(
            "ListUsers",
            Table.all(Kind.USER),
            (input, state) -> entities(input, state, Kind.USER, "Users"))
        .change("UpdateUser", about, UserOperations::update)
        .on(table.beforeAndAfter(Kind.USER))
        .change("DeleteUser", about, this::delete)
        .list();
  }

  /** All of a kind below {@code PathPrefix}. */
  static ObjectNode entities(Input input, AccountState state, Kind kind, String member) {
    String prefix = input.get("PathPrefix").orElse("/");
    List<Entity> all =
        state.list(kind).stream().filter(one -> one.path().startsWith(prefix)).toList();
    return Table.page(
        input,
        member,
        all,
        Entity::name,
        (list, one) -> list.add(Views.entity(one, state.account())));
  }

  private static ObjectNode create(Input input, Draft draft) {
    input.withoutBoundary();
    User user =
        new User(
            input.name(Kind.USER),
            input.path("Path"),
            Ids.next(Kind.USER.idPrefix()),
            draft.nowMillis(),
            List.of(),
            List.of(),
            Grants.NONE,
            TagOperations.given(input));
    draft.create(user);
    return wrapped(user, draft.state());
  }

  private static ObjectNode wrapped(User user, AccountState state) {
    ObjectNode answer = Json.object();
    answer.set("User", Views.tagged(user, Views.entity(user, state.account())));
    return answer;
  }

  /** The user that a call names, or else the caller. */
  static String named(Input input) {
    if (input.get("UserName").isPresent()) {
      return input.name(Kind.USER);
    }
    if (input.request().principal() instanceof Principal.User user) {
      return user.userName();
    }
    throw Input.invalid("Must specify userName when calling with non-User credentials");
  }

  private static ObjectNode get(Input input, AccountState state) {
    return wrapped(state.require(Kind.USER, named(input), User.class), state);
  }

  private static ObjectNode update(Input input, Draft draft) {
    User before = draft.require(Kind.USER, input.name(Kind.USER), User.class);
    protect(before);
    String name =
        input.get("NewUserName").isPresent()
            ? input.name("NewUserName", Kind.USER.nameLength())
            : before.name();
    String path = input.get("NewPath").isPresent() ? input.path("NewPath") : before.path();
    User after = before.renamed(name, path);
    draft.remove(before);
    draft.create(after);
    return Json.object();
  }

  private static void protect(User user) {
    if (user.name().equals(ADMINISTRATOR)) {
      throw new ServiceException(
          IamErrors.UNMODIFIABLE_ENTITY,
          "The administrator of the account can be neither renamed nor deleted.");
    }
  }

  private ObjectNode delete(Input input, Draft draft) {
    User user = draft.require(Kind.USER, input.name(Kind.USER), User.class);
    protect(user);
    if (!user.keys().isEmpty()) {
      throw conflict("access keys first");
    }
    if (!user.grants().isEmpty()) {
      throw conflict("policies first");
    }
    if (!user.groups().isEmpty()) {
      throw conflict("group memberships first");
    }
    draft.remove(user);
    Principal was = new Principal.User(draft.account(), user.name(), user.id());
    draft.afterwards(() -> gone.accept(was));
    return Json.object();
  }

  static ServiceException conflict(String what) {
    return new ServiceException(
        IamErrors.DELETE_CONFLICT, "Cannot delete entity, must remove " + what + ".");
  }
}
