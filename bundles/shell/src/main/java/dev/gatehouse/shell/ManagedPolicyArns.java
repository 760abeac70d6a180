package dev.gatehouse.shell;

import java.util.List;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.api.console.CommandLine;
import org.apache.karaf.shell.api.console.Completer;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.support.completers.StringsCompleter;
import org.osgi.framework.FrameworkUtil;

/** Completes ARNs of IAM's managed policies. */
@Service
public final class ManagedPolicyArns implements Completer {
  @Override
  public int complete(Session session, CommandLine commandLine, List<String> candidates) {
    var context = FrameworkUtil.getBundle(ManagedPolicyArns.class).getBundleContext();
    List<String> arns;
    try {
      arns =
          CallCommand.quietCalls(context)
              .call("ListPolicies")
              .of("iam")
              .query("MaxItems", "1000")
              .answer()
              .path("Policies")
              .findValuesAsText("Arn");
    } catch (IllegalStateException e) {
      arns = List.of(); // a key press is no moment for an error; the command itself tells it
    }
    return new StringsCompleter(arns).complete(session, commandLine, candidates);
  }
}
