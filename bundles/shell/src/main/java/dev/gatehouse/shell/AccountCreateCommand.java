package dev.gatehouse.shell;

import dev.gatehouse.api.identity.Accounts;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code gatehouse:account-create}. */
@Service
@Command(
    scope = "gatehouse",
    name = "account-create",
    description = "Makes an account, and tells its administrator's key, once.")
public final class AccountCreateCommand extends IamCommand {
  private static final long SECONDS = 30;

  @Argument(index = 0, name = "id", required = true, description = "Twelve digits.")
  String id = "";

  @Argument(index = 1, name = "name", required = true, description = "What people call it.")
  String name = "";

  @Override
  public Object execute() throws InterruptedException, TimeoutException {
    Accounts.AccessKey key;
    try {
      key = accounts().create(id, name).toCompletableFuture().get(SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new IllegalStateException(cause.getMessage(), cause);
    }
    System.out.println("AWS_ACCESS_KEY_ID=" + key.accessKeyId());
    System.out.println("AWS_SECRET_ACCESS_KEY=" + key.secretAccessKey());
    return "";
  }
}
