package dev.gatehouse.shell;

import dev.gatehouse.api.identity.DefaultAccount;
import dev.gatehouse.api.shadow.ShadowService;
import java.util.List;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.api.console.CommandLine;
import org.apache.karaf.shell.api.console.Completer;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.support.completers.StringsCompleter;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;

/** Names of things that have shadows; without the shadow service there are none. */
@Service
public final class ThingWithShadowCompleter implements Completer {
  private static final int MOST = 200;

  @Reference BundleContext context;

  @Override
  public int complete(Session session, CommandLine line, List<String> candidates) {
    String begun = begun(line);
    List<String> things =
        Services.one(context, ShadowService.class)
            .flatMap(
                shadows ->
                    Services.one(context, DefaultAccount.class)
                        .map(account -> shadows.things(account.account(), begun, MOST)))
            .orElse(List.of());
    return new StringsCompleter(things).complete(session, line, candidates);
  }

  /** What is typed of the name already. */
  private static String begun(CommandLine line) {
    @Nullable String argument = line.getCursorArgument();
    return argument == null ? "" : argument.substring(0, line.getArgumentPosition());
  }
}
