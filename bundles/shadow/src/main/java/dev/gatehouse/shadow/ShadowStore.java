package dev.gatehouse.shadow;

import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.shadow.ShadowName;
import dev.gatehouse.api.store.Batch;
import dev.gatehouse.api.store.Store;
import dev.gatehouse.api.store.Table;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Shadows in the store: {@code account, thing, shadow}. */
final class ShadowStore {
  private static final Logger LOG = LoggerFactory.getLogger(ShadowStore.class);
  private static final String TABLE = "shadow.documents";
  private static final int PAGE = 10; // a row may have 100 KB

  private final Store store;

  ShadowStore(Store store) {
    this.store = store;
  }

  private static byte[] key(ShadowName name) {
    return key(name.account(), name.thingName(), name.shadowName());
  }

  private static byte[] key(Account account, String thingName, String rest) {
    return (account + "\0" + thingName + "\0" + rest).getBytes(StandardCharsets.UTF_8);
  }

  /** The row, perhaps of a deleted shadow; {@link ShadowRow#NONE} if there never was one. */
  ShadowRow load(ShadowName name) {
    return store.table(TABLE).get(key(name)).map(ShadowRow::restored).orElse(ShadowRow.NONE);
  }

  CompletionStage<Void> save(ShadowName name, ShadowRow row) {
    Batch batch = new Batch().put(TABLE, key(name), row.stored());
    return store.commit(
        row.exists() ? batch : batch.urgent()); // a deletion needs a full disk's reserve
  }

  /**
   * Named shadows of a thing, in the order of their names.
   *
   * @param from the first name, inclusive; empty: from the beginning
   * @param chosen which of them
   */
  List<String> names(
      Account account, String thingName, String from, int limit, Predicate<ShadowRow> chosen) {
    List<String> names = new ArrayList<>();
    int prefix = key(account, thingName, "").length;
    byte[] next = key(account, thingName, from.isEmpty() ? "\1" : from); // not the classic one
    byte[] end = key(account, thingName + "\1", "");
    List<Table.Row> page;
    do {
      page = store.table(TABLE).range(next, end, PAGE, Table.Order.ASCENDING);
      for (Table.Row row : page) {
        if (names.size() < limit && chosen.test(ShadowRow.restored(row.value()))) {
          byte[] key = row.key();
          names.add(new String(key, prefix, key.length - prefix, StandardCharsets.UTF_8));
        }
        next = after(row.key());
      }
    } while (page.size() == PAGE && names.size() < limit);
    return names;
  }

  /**
   * Things with shadows, in the order of their names; goes from thing to thing, not row by row.
   *
   * @param from the first name, inclusive
   * @param chosen which of their shadows count
   */
  List<String> things(Account account, String from, int limit, Predicate<ShadowRow> chosen) {
    List<String> things = new ArrayList<>();
    byte[] next = (account + "\0" + from).getBytes(StandardCharsets.UTF_8);
    byte[] end = (account + "\1").getBytes(StandardCharsets.UTF_8);
    while (things.size() < limit) {
      List<Table.Row> page = store.table(TABLE).range(next, end, 1, Table.Order.ASCENDING);
      if (page.isEmpty()) {
        break;
      }
      Table.Row row = page.get(0);
      String thing = new String(row.key(), StandardCharsets.UTF_8).split("\0", -1)[1];
      if (chosen.test(ShadowRow.restored(row.value()))) {
        things.add(thing);
        next = key(account, thing + "\1", "");
      } else {
        next = after(row.key());
      }
    }
    return things;
  }

  /**
   * Removes rows, unless they are changed meanwhile.
   *
   * @return how many were chosen
   */
  int remove(Predicate<ShadowRow> chosen) {
    int removed = 0;
    byte @Nullable [] next = null;
    List<Table.Row> page;
    do {
      page = store.table(TABLE).range(next, null, PAGE, Table.Order.ASCENDING);
      for (Table.Row row : page) {
        if (chosen.test(ShadowRow.restored(row.value()))) {
          removed++;
          remove(row);
        }
        next = after(row.key());
      }
    } while (page.size() == PAGE);
    return removed;
  }

  private void remove(Table.Row row) {
    store
        .commit(new Batch().expect(TABLE, row.key(), row.value()).delete(TABLE, row.key()))
        .whenComplete(
            (done, failure) -> {
              if (failure != null) { // the next round finds it again
                LOG.debug("event=shadow-not-removed", failure);
              }
            });
  }

  private static byte[] after(byte[] key) {
    return Arrays.copyOf(key, key.length + 1);
  }

  long size() {
    return store.table(TABLE).size();
  }
}
