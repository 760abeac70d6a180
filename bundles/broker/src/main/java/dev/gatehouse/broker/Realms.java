package dev.gatehouse.broker;

import dev.gatehouse.api.identity.Account;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The realms of all accounts; one appears when it is first used. */
final class Realms {
  private final Supplier<BrokerSettings> settings;
  private final Retained.Budget budget;
  private final Timer timer;
  private final BrokerMemory memory;
  private final Map<Account, Realm> realms = new ConcurrentHashMap<>();
  private volatile @Nullable Realm recent; // mostly there is one account

  Realms(Supplier<BrokerSettings> settings, Timer timer, BrokerMemory memory) {
    this.settings = settings;
    this.timer = timer;
    this.memory = memory;
    this.budget = new Retained.Budget(settings, memory.retained);
  }

  Realm of(Account account) {
    Realm known = recent;
    if (known != null && known.account.equals(account)) {
      return known;
    }
    Realm realm =
        realms.computeIfAbsent(
            account, missing -> new Realm(missing, settings, budget, timer, memory));
    recent = realm;
    return realm;
  }

  Collection<Realm> all() {
    return realms.values();
  }

  Retained.Budget retainedBudget() {
    return budget;
  }
}
