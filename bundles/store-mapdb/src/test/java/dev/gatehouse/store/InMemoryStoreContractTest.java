package dev.gatehouse.store;

import dev.gatehouse.api.store.Store;
import dev.gatehouse.testkit.InMemoryStore;

class InMemoryStoreContractTest extends StoreContract {
  private final InMemoryStore store = new InMemoryStore();

  @Override
  Store store() {
    return store;
  }
}
