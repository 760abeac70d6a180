package dev.gatehouse.shell;

import dev.gatehouse.api.http.ApiModule;
import dev.gatehouse.api.http.ApiOperation;
import java.util.List;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.api.console.CommandLine;
import org.apache.karaf.shell.api.console.Completer;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.support.completers.StringsCompleter;
import org.osgi.framework.FrameworkUtil;

/** Completes names of IAM's operations. */
@Service
public final class IamOperations implements Completer {
  @Override
  public int complete(Session session, CommandLine commandLine, List<String> candidates) {
    var context = FrameworkUtil.getBundle(IamOperations.class).getBundleContext();
    List<String> names =
        Services.all(context, ApiModule.class).stream()
            .flatMap(module -> module.operations().stream())
            .filter(operation -> operation.service().id().equals("iam"))
            .map(ApiOperation::name)
            .toList();
    return new StringsCompleter(names).complete(session, commandLine, candidates);
  }
}
