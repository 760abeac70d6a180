package dev.gatehouse.shell;

import org.apache.karaf.shell.api.action.lifecycle.Service;

/** Completes names of roles. */
@Service
public final class RoleNames extends NameCompleter {
  /** Made by Karaf. */
  public RoleNames() {
    super("ListRoles", "Roles", "RoleName");
  }
}
