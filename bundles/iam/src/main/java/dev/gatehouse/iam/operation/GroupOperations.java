package dev.gatehouse.iam.operation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.http.ApiOperation;
import dev.gatehouse.iam.directory.AccountState;
import dev.gatehouse.iam.directory.Directory;
import dev.gatehouse.iam.directory.Draft;
import dev.gatehouse.iam.directory.Grants;
import dev.gatehouse.iam.directory.Group;
import dev.gatehouse.iam.directory.Kind;
import dev.gatehouse.iam.directory.User;
import dev.gatehouse.iam.service.IamErrors;
import dev.gatehouse.iam.session.Ids;
import dev.gatehouse.json.Json;
import java.util.ArrayList;
import java.util.List;

/** Groups and who is in them. */
public final class GroupOperations {
  private static final int MAX_GROUPS = 10;

  private final Directory directory;

  /** Over a directory. */
  public GroupOperations(Directory directory) {
    this.directory = directory;
  }

  /** The operations. */
  public List<ApiOperation> list() {
    Table table = new Table(directory);
    var about = table.about(Kind.GROUP);
    return table
        .change("CreateGroup", about, GroupOperations::create)
        .read("GetGroup", about, GroupOperations::get)
        .read(
            "ListGroups",
            Table.all(Kind.GROUP),
            (input, state) -> UserOperations.entities(input, state, Kind.GROUP, "Groups"))
        .change("UpdateGroup", about, GroupOperations::update)
        .on(table.beforeAndAfter(Kind.GROUP))
        .change("DeleteGroup", about, GroupOperations::delete)
        .change("AddUserToGroup", about, GroupOperations::add)
        .change("RemoveUserFromGroup", about, GroupOperations::remove)
        .read("ListGroupsForUser", table.about(Kind.USER), GroupOperations::ofUser)
        .list();
  }

  private static ObjectNode create(Input input, Draft draft) {
    Group group =
        new Group(
            input.name(Kind.GROUP),
            input.path("Path"),
            Ids.next(Kind.GROUP.idPrefix()),
            draft.nowMillis(),
            Grants.NONE);
    draft.create(group);
    ObjectNode answer = Json.object();
    answer.set("Group", Views.entity(group, draft.account()));
    return answer;
  }

  private static List<User> members(AccountState state, Group group) {
    return state.users().stream().filter(user -> user.groups().contains(group.name())).toList();
  }

  private static ObjectNode get(Input input, AccountState state) {
    Group group = state.require(Kind.GROUP, input.name(Kind.GROUP), Group.class);
    ObjectNode answer =
        Table.page(
            input,
            "Users",
            members(state, group),
            User::name,
            (list, user) -> list.add(Views.entity(user, state.account())));
    answer.set("Group", Views.entity(group, state.account()));
    return answer;
  }

  private static Group group(Input input, Draft draft) {
    return draft.require(Kind.GROUP, input.name(Kind.GROUP), Group.class);
  }

  private static User user(Input input, Draft draft) {
    return draft.require(Kind.USER, input.name(Kind.USER), User.class);
  }

  private static ObjectNode update(Input input, Draft draft) {
    Group before = group(input, draft);
    String name =
        input.get("NewGroupName").isPresent()
            ? input.name("NewGroupName", Kind.GROUP.nameLength())
            : before.name();
    String path = input.get("NewPath").isPresent() ? input.path("NewPath") : before.path();
    draft.remove(before);
    draft.create(before.renamed(name, path));
    for (User user : members(draft.state(), before)) {
      List<String> groups = new ArrayList<>(user.groups());
      groups.replaceAll(group -> group.equals(before.name()) ? name : group);
      draft.put(user.in(groups));
    }
    return Json.object();
  }

  private static ObjectNode delete(Input input, Draft draft) {
    Group group = group(input, draft);
    if (!members(draft.state(), group).isEmpty()) {
      throw UserOperations.conflict("users from group first");
    }
    if (!group.grants().isEmpty()) {
      throw UserOperations.conflict("policies first");
    }
    draft.remove(group);
    return Json.object();
  }

  private static ObjectNode add(Input input, Draft draft) {
    Group group = group(input, draft);
    User user = user(input, draft);
    if (user.groups().contains(group.name())) {
      return Json.object();
    }
    if (user.groups().size() >= MAX_GROUPS) {
      throw new ServiceException(
          IamErrors.LIMIT_EXCEEDED, "Cannot exceed quota for GroupsPerUser: " + MAX_GROUPS);
    }
    List<String> groups = new ArrayList<>(user.groups());
    groups.add(group.name());
    draft.put(user.in(groups));
    return Json.object();
  }

  private static ObjectNode remove(Input input, Draft draft) {
    Group group = group(input, draft);
    User user = user(input, draft);
    if (!user.groups().contains(group.name())) {
      throw new ServiceException(
          IamErrors.NO_SUCH_ENTITY,
          "User " + user.name() + " is not a member of group " + group.name() + ".");
    }
    draft.put(user.in(user.groups().stream().filter(g -> !g.equals(group.name())).toList()));
    return Json.object();
  }

  private static ObjectNode ofUser(Input input, AccountState state) {
    User user = state.require(Kind.USER, input.name(Kind.USER), User.class);
    List<Group> groups =
        user.groups().stream().flatMap(group -> state.group(group).stream()).toList();
    return Table.page(
        input,
        "Groups",
        groups,
        Group::name,
        (list, group) -> list.add(Views.entity(group, state.account())));
  }
}
