package dev.gatehouse.shell;

import org.apache.karaf.shell.api.action.lifecycle.Service;

/** Completes names of policies. */
@Service
public final class PolicyNames extends NameCompleter {
  /** Made by Karaf. */
  public PolicyNames() {
    super("ListPolicies", "policies", "policyName");
  }
}
