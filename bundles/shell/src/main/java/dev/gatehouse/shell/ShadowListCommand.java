package dev.gatehouse.shell;

import java.util.List;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.osgi.framework.BundleContext;

/** {@code gatehouse:shadow-list}. */
@Service
@Command(
    scope = "gatehouse",
    name = "shadow-list",
    description = "Lists the things that have shadows, or the named shadows of one.")
public final class ShadowListCommand implements Action {
  private static final int MOST = 10_000;

  @Argument(name = "thing", description = "Its named shadows; without it, the things.")
  @Completion(ThingWithShadowCompleter.class)
  String thing = "";

  @Option(name = "--from", description = "Begins with this name.")
  String from = "";

  @Option(name = "--limit", description = "Lists at most so many, 1 to 10000; 100 if not given.")
  int limit = 100;

  @Reference BundleContext context;

  @Override
  public Object execute() {
    if (limit < 1 || limit > MOST) {
      throw new IllegalArgumentException("--limit is " + limit + ", must be 1 to " + MOST);
    }
    ShadowCalls calls = ShadowCalls.of(context);
    List<String> found =
        thing.isEmpty()
            ? calls.shadows().things(calls.account(), from, limit + 1)
            : calls.shadows().names(calls.account(), thing, from, limit + 1);
    found.stream().limit(limit).forEach(System.out::println);
    if (found.size() > limit) {
      System.out.println("... more: --from " + found.get(limit));
    }
    return "";
  }
}
