package dev.gatehouse.shell;

import org.apache.karaf.shell.api.action.lifecycle.Service;

/** Completes names of users. */
@Service
public final class UserNames extends NameCompleter {
  /** Made by Karaf. */
  public UserNames() {
    super("ListUsers", "Users", "UserName");
  }
}
