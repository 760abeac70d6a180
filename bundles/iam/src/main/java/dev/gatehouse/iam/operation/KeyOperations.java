package dev.gatehouse.iam.operation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.http.ApiOperation;
import dev.gatehouse.api.http.ApiRequest;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.iam.directory.AccessKey;
import dev.gatehouse.iam.directory.AccountState;
import dev.gatehouse.iam.directory.Directory;
import dev.gatehouse.iam.directory.Draft;
import dev.gatehouse.iam.directory.Kind;
import dev.gatehouse.iam.directory.User;
import dev.gatehouse.iam.service.IamErrors;
import dev.gatehouse.iam.session.KeyUses;
import dev.gatehouse.iam.session.SecretKeys;
import dev.gatehouse.iam.session.SecretKeys.Made;
import dev.gatehouse.json.Json;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/** Users' access keys. Two at a time, so that one can be put in the other's place. */
public final class KeyOperations {
  private static final int MAX_KEYS = 2;

  private final Directory directory;
  private final SecretKeys secrets;
  private final KeyUses uses;
  private final BiConsumer<String, String> withdrawn;

  /**
   * Over a directory.
   *
   * @param withdrawn told of keys that hold no longer, and why
   */
  public KeyOperations(
      Directory directory, SecretKeys secrets, KeyUses uses, BiConsumer<String, String> withdrawn) {
    this.withdrawn = withdrawn;
    this.directory = directory;
    this.secrets = secrets;
    this.uses = uses;
  }

  /** The operations. */
  public List<ApiOperation> list() {
    Table table = new Table(directory);
    return table
        .change("CreateAccessKey", table::userOrCaller, this::create)
        .read("ListAccessKeys", table::userOrCaller, KeyOperations::listed)
        .change("UpdateAccessKey", table::userOrCaller, this::update)
        .change("DeleteAccessKey", table::userOrCaller, this::delete)
        .read("GetAccessKeyLastUsed", this::ownerArn, this::lastUsed)
        .list();
  }

  /** The call names a key, so rights are asked for the key's user. */
  private String ownerArn(ApiRequest request) {
    String id = new Input(request).require("AccessKeyId");
    return owner(id, request.account())
        .map(user -> user.arn(request.account()))
        .orElseGet(() -> Kind.USER.arn(request.account(), "/", ""))
        .toString();
  }

  private Optional<User> owner(String keyId, Account account) {
    return directory
        .key(keyId)
        .filter(owner -> owner.account().equals(account))
        .map(Directory.KeyOwner::user);
  }

  private static User user(Input input, Draft draft) {
    return draft.require(Kind.USER, UserOperations.named(input), User.class);
  }

  private ObjectNode create(Input input, Draft draft) {
    User user = user(input, draft);
    if (user.keys().size() >= MAX_KEYS) {
      throw new ServiceException(
          IamErrors.LIMIT_EXCEEDED, "Cannot exceed quota for AccessKeysPerUser: " + MAX_KEYS);
    }
    Made made = secrets.make(draft.nowMillis());
    draft.put(user.with(made.key()));
    ObjectNode answer = Json.object();
    answer.set("AccessKey", view(user, made.key()).put("SecretAccessKey", made.secretAccessKey()));
    return answer;
  }

  private static ObjectNode view(User user, AccessKey key) {
    return Json.object()
        .put("UserName", user.name())
        .put("AccessKeyId", key.id())
        .put("Status", key.active() ? "Active" : "Inactive")
        .put("CreateDate", Views.time(key.createdMillis()));
  }

  private static ObjectNode listed(Input input, AccountState state) {
    User user = state.require(Kind.USER, UserOperations.named(input), User.class);
    return Table.page(
        input,
        "AccessKeyMetadata",
        user.keys(),
        AccessKey::id,
        (list, key) -> list.add(view(user, key)));
  }

  private static AccessKey key(Input input, User user) {
    String id = input.require("AccessKeyId");
    return user.keys().stream()
        .filter(key -> key.id().equals(id))
        .findFirst()
        .orElseThrow(() -> absent(id));
  }

  private static ServiceException absent(String keyId) {
    return new ServiceException(
        IamErrors.NO_SUCH_ENTITY, "The Access Key with id " + keyId + " cannot be found.");
  }

  private ObjectNode update(Input input, Draft draft) {
    User user = user(input, draft);
    AccessKey key = key(input, user);
    String status = input.require("Status");
    if (!status.equals("Active") && !status.equals("Inactive")) {
      throw Input.invalid("Status must be Active or Inactive, not '" + status + "'.");
    }
    boolean active = status.equals("Active");
    draft.put(user.with(key.with(active)));
    if (!active) {
      draft.urgent();
      draft.afterwards(() -> withdrawn.accept(key.id(), "access key deactivated"));
    }
    return Json.object();
  }

  private ObjectNode delete(Input input, Draft draft) {
    User user = user(input, draft);
    AccessKey key = key(input, user);
    draft.put(user.without(key.id()));
    draft.afterwards(() -> withdrawn.accept(key.id(), "access key deleted"));
    draft.afterwards(() -> uses.forget(key.id()));
    return Json.object();
  }

  private ObjectNode lastUsed(Input input, AccountState state) {
    String id = input.require("AccessKeyId");
    User user = owner(id, state.account()).orElseThrow(() -> absent(id));
    ObjectNode answer = Json.object().put("UserName", user.name());
    ObjectNode last = answer.putObject("AccessKeyLastUsed");
    uses.last(id)
        .ifPresentOrElse(
            use ->
                last.put("LastUsedDate", Views.time(use.millis()))
                    .put("ServiceName", use.service())
                    .put("Region", use.region()),
            () -> last.put("ServiceName", "N/A").put("Region", "N/A"));
    return answer;
  }
}
