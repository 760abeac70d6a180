package dev.gatehouse.shell;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sees to it that the gateway's owner can log in to the console. */
@Component(
    configurationPid = "dev.gatehouse.shell",
    immediate = true,
    service = {})
@Designate(ocd = ConsoleConfig.class)
public final class Console {
  private static final Logger LOG = LoggerFactory.getLogger(Console.class);

  private final Thread worker;

  /** Makes the key on a thread of its own: it takes a second on a small board. */
  @Activate
  public Console(ConsoleConfig config) {
    ConsoleKey key =
        new ConsoleKey(
            path("keyFile", config.keyFile()), path("authorizedKeys", config.authorizedKeys()));
    worker = new Thread(() -> ensure(key), "gatehouse-shell-key");
    worker.setDaemon(true);
    worker.start();
  }

  @Deactivate
  void deactivate() throws InterruptedException {
    worker.join(5_000);
  }

  private static void ensure(ConsoleKey key) {
    try {
      if (key.ensure()) {
        LOG.info("event=console-key-made user={}", ConsoleKey.USER);
      }
    } catch (IOException | GeneralSecurityException e) {
      LOG.error("event=console-key-failed: nobody can log in to the console", e);
    }
  }

  private static Path path(String attribute, @Nullable String value) {
    if (value == null || value.isBlank()) {
      throw new IllegalArgumentException("dev.gatehouse.shell: " + attribute + " is not set");
    }
    return Path.of(value);
  }
}
