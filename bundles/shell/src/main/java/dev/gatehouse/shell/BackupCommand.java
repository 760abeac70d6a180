package dev.gatehouse.shell;

import dev.gatehouse.api.store.Store;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.osgi.framework.BundleContext;

/** {@code gatehouse:backup}. */
@Service
@Command(
    scope = "gatehouse",
    name = "backup",
    description = "Copies the store, as it is at this moment, while the gateway works on.")
public final class BackupCommand implements Action {
  private static final long MINUTES = 30;

  @Argument(
      name = "directory",
      required = true,
      description = "Where to; an absolute path that does not exist or is an empty directory.")
  String directory = "";

  @Reference BundleContext context;

  @Override
  public Object execute() throws InterruptedException, TimeoutException {
    Path target = Path.of(directory);
    if (!target.isAbsolute()) {
      throw new IllegalArgumentException("directory '" + directory + "' is not an absolute path");
    }
    Store store =
        Services.one(context, Store.class)
            .orElseThrow(() -> new IllegalStateException("the store is not running"));
    try {
      Store.Backup backup =
          store.backup(target).toCompletableFuture().get(MINUTES, TimeUnit.MINUTES);
      // A result is printed to a terminal only, not to a client that runs one command.
      System.out.printf(
          "done: %d bytes up to batch %d in %s%n",
          backup.bytes(), backup.sequence(), backup.directory());
      return "";
    } catch (ExecutionException e) {
      throw new IllegalStateException("backup failed: " + e.getCause(), e.getCause());
    }
  }
}
