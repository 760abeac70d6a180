package dev.gatehouse.shell;

import dev.gatehouse.api.identity.DefaultAccount;
import dev.gatehouse.api.rules.Rules;
import java.util.List;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.api.console.CommandLine;
import org.apache.karaf.shell.api.console.Completer;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.support.completers.StringsCompleter;
import org.osgi.framework.BundleContext;

/** Completes names of rules. */
@Service
public final class RuleNameCompleter implements Completer {
  @Reference BundleContext context;

  @Override
  public int complete(Session session, CommandLine line, List<String> candidates) {
    StringsCompleter names = new StringsCompleter();
    if (Services.one(context, Rules.class).isPresent()
        && Services.one(context, DefaultAccount.class).isPresent()) {
      RuleCommands.rules(context)
          .list(RuleCommands.account(context))
          .forEach(rule -> names.getStrings().add(rule.name()));
    }
    return names.complete(session, line, candidates);
  }
}
