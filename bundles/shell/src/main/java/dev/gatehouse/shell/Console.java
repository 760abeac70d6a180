package dev.gatehouse.shell;

import dev.gatehouse.api.home.GatewayHome;
import java.io.IOException;
import java.security.GeneralSecurityException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
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
  public Console(@Reference GatewayHome home, ConsoleConfig config) {
    ConsoleSettings settings = ConsoleSettings.of(config, home);
    ConsoleKey key = new ConsoleKey(settings.keyFile(), settings.authorizedKeys());
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
}
