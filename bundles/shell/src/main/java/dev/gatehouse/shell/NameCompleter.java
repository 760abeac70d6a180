package dev.gatehouse.shell;

import java.util.ArrayList;
import java.util.List;
import org.apache.karaf.shell.api.console.CommandLine;
import org.apache.karaf.shell.api.console.Completer;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.support.completers.StringsCompleter;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;

/** Completes a name with those on the first page of a list: enough to be of help, and quick. */
abstract class NameCompleter implements Completer {
  private final String operation;
  private final String list;
  private final String member;

  NameCompleter(String operation, String list, String member) {
    this.operation = operation;
    this.list = list;
    this.member = member;
  }

  @Override
  public int complete(Session session, CommandLine commandLine, List<String> candidates) {
    BundleContext context = FrameworkUtil.getBundle(NameCompleter.class).getBundleContext();
    return new StringsCompleter(names(CallCommand.quietCalls(context)))
        .complete(session, commandLine, candidates);
  }

  List<String> names(Calls calls) {
    try {
      List<String> found = new ArrayList<>();
      calls
          .call(operation)
          .query("maxResults", "250")
          .answer()
          .get(list)
          .forEach(entry -> found.add(entry.get(member).asText()));
      return found;
    } catch (IllegalStateException e) {
      return List.of(); // a key press is no moment for an error; the command itself tells it
    }
  }
}
