package dev.gatehouse.shadow;

import dev.gatehouse.api.shadow.ShadowName;
import dev.gatehouse.api.store.Batch;
import dev.gatehouse.api.store.Store;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletionStage;

/** Shadows in the store: {@code account, thing, shadow}. */
final class ShadowStore {
  private static final String TABLE = "shadow.documents";

  private final Store store;

  ShadowStore(Store store) {
    this.store = store;
  }

  private static byte[] key(ShadowName name) {
    return (name.account() + "\0" + name.thingName() + "\0" + name.shadowName())
        .getBytes(StandardCharsets.UTF_8);
  }

  /** The document, perhaps a deleted one; {@link ShadowDocument#NONE} if there never was one. */
  ShadowDocument load(ShadowName name) {
    return store
        .table(TABLE)
        .get(key(name))
        .map(ShadowDocument::restored)
        .orElse(ShadowDocument.NONE);
  }

  CompletionStage<Void> save(ShadowName name, ShadowDocument document) {
    return store.commit(new Batch().put(TABLE, key(name), document.stored()));
  }

  long size() {
    return store.table(TABLE).size();
  }
}
