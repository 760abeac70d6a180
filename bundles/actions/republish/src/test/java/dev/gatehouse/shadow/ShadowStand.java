package dev.gatehouse.shadow;

import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.message.MessageBus;
import dev.gatehouse.testkit.FixedMemory;
import dev.gatehouse.testkit.InMemoryStore;
import java.time.Clock;

/** The shadows on a store in memory, which take requests from a bus. */
public final class ShadowStand {
  private ShadowStand() {}

  /** Takes requests from now on. */
  public static void open(MessageBus bus, Account account, Clock clock) {
    Shadows shadows =
        new Shadows(new InMemoryStore(), bus, new FixedMemory(), ShadowSettings.GUIDE, clock);
    shadows
        .filters()
        .forEach(filter -> bus.subscribe(account, filter, shadows.mailbox(), shadows::onMessage));
  }
}
