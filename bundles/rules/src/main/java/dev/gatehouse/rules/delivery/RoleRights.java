package dev.gatehouse.rules.delivery;

import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.identity.ActingRoles;
import dev.gatehouse.api.identity.Authorizer;
import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.api.identity.Roles;
import dev.gatehouse.api.rules.action.RequiredRight;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The one place where the rights of rules' roles are asked for, for every action and every message.
 * Roles and the authorizer come and go.
 */
public final class RoleRights {
  private @Nullable Authorizer authorizer; // guarded by this
  private volatile @Nullable Roles roles; // written under this
  private volatile @Nullable ActingRoles acting; // written under this

  /** Roles can be looked up. */
  public synchronized void bind(Roles present) {
    roles = present;
    combine();
  }

  /** Roles cannot be looked up any more, unless others have taken their place. */
  public synchronized void unbind(Roles gone) {
    if (roles == gone) {
      roles = null;
      combine();
    }
  }

  /** Rights can be decided. */
  public synchronized void bind(Authorizer present) {
    authorizer = present;
    combine();
  }

  /** Rights cannot be decided any more, unless another authorizer has taken its place. */
  public synchronized void unbind(Authorizer gone) {
    if (authorizer == gone) {
      authorizer = null;
      combine();
    }
  }

  private void combine() {
    Roles present = roles;
    Authorizer decides = authorizer;
    if (present == null || decides == null) {
      acting = null;
      return;
    }
    ActingRoles next = new ActingRoles(decides);
    next.add(present);
    acting = next;
  }

  /** The roles of the gateway, if they can be looked up. */
  public Optional<Roles> roles() {
    return Optional.ofNullable(roles);
  }

  /**
   * A session of a role that has all the rights.
   *
   * @param sessionName the rule's name
   * @throws ServiceException SERVICE_UNAVAILABLE if that cannot be told now, UNAUTHORIZED if there
   *     is no such role, it does not trust AWS IoT, or lacks a right
   */
  Principal.RoleSession require(
      Account account, String roleArn, String sessionName, List<RequiredRight> rights) {
    ActingRoles now = acting;
    if (now == null) {
      throw new ServiceException(
          ErrorCode.SERVICE_UNAVAILABLE,
          "roles cannot be looked up at the moment; are the bundles dev.gatehouse.iam and"
              + " dev.gatehouse.identity active?");
    }
    Principal.RoleSession session = null;
    for (RequiredRight right : rights) {
      session = now.require(account, roleArn, sessionName, right.action(), right.resource());
    }
    return session == null ? now.session(account, roleArn, sessionName) : session;
  }
}
