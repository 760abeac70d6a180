package dev.gatehouse.shell;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeoutException;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.osgi.framework.BundleContext;

/** {@code gatehouse:shadow-update}. */
@Service
@Command(
    scope = "gatehouse",
    name = "shadow-update",
    description = "Updates a thing's shadow; devices are told as if they had asked.")
public final class ShadowUpdateCommand implements Action {
  @Argument(name = "thing", required = true, description = "The thing's name.")
  @Completion(ThingWithShadowCompleter.class)
  String thing = "";

  @Argument(
      index = 1,
      name = "document",
      required = true,
      description = "Such as '{\"state\":{\"desired\":{\"color\":\"RED\"}}}', in apostrophes.")
  String document = "";

  @Option(name = "--name", description = "A named shadow instead of the classic one.")
  String shadow = "";

  @Reference BundleContext context;

  @Override
  public Object execute() throws InterruptedException, TimeoutException {
    byte[] request = document.getBytes(StandardCharsets.UTF_8);
    System.out.println(
        ShadowCalls.of(context)
            .answer(thing, shadow, (shadows, name) -> shadows.update(name, request)));
    return "";
  }
}
