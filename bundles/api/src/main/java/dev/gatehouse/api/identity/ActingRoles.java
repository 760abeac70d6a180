package dev.gatehouse.api.identity;

import dev.gatehouse.api.error.ErrorCode;
import dev.gatehouse.api.error.ServiceException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The roles that a domain acts as for rules, and what they may do at this moment (guide: Granting
 * AWS IoT the Required Access). In memory, thread-safe, never blocks.
 */
public final class ActingRoles {
  private static final String SERVICE = "iot.amazonaws.com";
  private static final int HELD = 256;

  private final Authorizer authorizer;
  private final Map<Principal, Rights> held = new ConcurrentHashMap<>();
  private volatile @Nullable Roles roles;

  /** Without roles, until there are some. */
  public ActingRoles(Authorizer authorizer) {
    this.authorizer = authorizer;
  }

  /** Roles can be looked up. */
  public void add(Roles present) {
    roles = present;
  }

  /** Roles cannot be looked up any more, unless others have taken their place. */
  public void remove(Roles gone) {
    if (roles == gone) {
      roles = null;
    }
  }

  /**
   * A session of a role that may do something.
   *
   * @param sessionName such as the rule's name
   * @param action such as {@code iot:Publish}
   * @param resource what it may be done on
   * @throws ServiceException SERVICE_UNAVAILABLE if roles cannot be looked up at the moment,
   *     UNAUTHORIZED if the account has no such role, it does not trust AWS IoT, or it may not
   */
  public Principal.RoleSession require(
      Account account, String roleArn, String sessionName, String action, Arn resource) {
    Principal.RoleSession session = session(account, roleArn, sessionName);
    if (!rights(session).decide(action, resource.toString()).allowed()) {
      throw refused("role " + roleArn + " may not do " + action + " on " + resource);
    }
    return session;
  }

  /**
   * A session of a role, whatever it may do.
   *
   * @throws ServiceException as of {@link #require}, but for what it may not do
   */
  public Principal.RoleSession session(Account account, String roleArn, String sessionName) {
    Roles now = roles;
    if (now == null) {
      throw new ServiceException(
          ErrorCode.SERVICE_UNAVAILABLE, "roles cannot be looked up at the moment");
    }
    return now.session(account, roleArn, SERVICE, sessionName)
        .orElseThrow(() -> refused("there is no role " + roleArn + " that trusts " + SERVICE));
  }

  /** Rights follow every change themselves; they are made anew only if there are too many. */
  private Rights rights(Principal session) {
    Rights known = held.get(session);
    if (known != null) {
      return known;
    }
    if (held.size() >= HELD) {
      held.clear();
    }
    return held.computeIfAbsent(session, one -> authorizer.rights(one, Map::of));
  }

  private static ServiceException refused(String message) {
    return new ServiceException(ErrorCode.UNAUTHORIZED, message);
  }
}
