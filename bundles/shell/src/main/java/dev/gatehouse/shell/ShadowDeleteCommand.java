package dev.gatehouse.shell;

import dev.gatehouse.api.shadow.ShadowService;
import java.util.concurrent.TimeoutException;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.osgi.framework.BundleContext;

/** {@code gatehouse:shadow-delete}. */
@Service
@Command(scope = "gatehouse", name = "shadow-delete", description = "Deletes a thing's shadow.")
public final class ShadowDeleteCommand implements Action {
  @Argument(name = "thing", required = true, description = "The thing's name.")
  @Completion(ThingWithShadowCompleter.class)
  String thing = "";

  @Option(name = "--name", description = "A named shadow instead of the classic one.")
  String shadow = "";

  @Reference BundleContext context;

  @Override
  public Object execute() throws InterruptedException, TimeoutException {
    System.out.println(ShadowCalls.of(context).answer(thing, shadow, ShadowService::delete));
    return "";
  }
}
