package dev.gatehouse.identity;

import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.store.Batch;
import dev.gatehouse.api.store.Store;
import dev.gatehouse.api.store.Table;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;

/** Lists of certificates by the time they were made, which is the order that the API promises. */
final class CreationOrder {
  static final String TABLE = "identity.certificate-order";
  private static final byte FORMAT = 1;

  private final Store store;

  CreationOrder(Store store) {
    this.store = store;
  }

  /**
   * A place in a list.
   *
   * @param account whose list it is
   * @param owner the account that the certificate is kept in; another one while it is transferred
   */
  record Entry(Account account, String list, long millis, String id, Account owner) {
    private byte[] key() {
      return Keys.of(account, list, position());
    }

    String position() {
      return "%013d\0%s".formatted(Math.max(0, millis), id);
    }

    private byte[] value() {
      byte[] name = owner.toString().getBytes(StandardCharsets.UTF_8);
      byte[] value = new byte[name.length + 1];
      value[0] = FORMAT;
      System.arraycopy(name, 0, value, 1, name.length);
      return value;
    }

    private static Entry restored(Account account, Table.Row row) {
      String[] parts = Keys.parts(row.key());
      String owner = new String(row.value(), 1, row.value().length - 1, StandardCharsets.UTF_8);
      return new Entry(account, parts[1], Long.parseLong(parts[2]), parts[3], Keys.account(owner));
    }
  }

  /** Adds to a batch what becomes of the places. */
  static void change(Collection<Entry> before, Collection<Entry> after, Batch batch) {
    before.stream()
        .filter(entry -> !after.contains(entry))
        .forEach(entry -> batch.delete(TABLE, entry.key()));
    after.stream()
        .filter(entry -> !before.contains(entry))
        .forEach(entry -> batch.put(TABLE, entry.key(), entry.value()));
  }

  boolean empty() {
    return store.table(TABLE).size() == 0;
  }

  /** A page from the given position on; empty: from the beginning. */
  List<Entry> page(Account account, String list, String from, int limit, Table.Order order) {
    byte[] all = Keys.of(account, list, "");
    byte[] low = all;
    byte[] high = Keys.end(all);
    if (!from.isEmpty() && order == Table.Order.ASCENDING) {
      low = Keys.of(account, list, from);
    } else if (!from.isEmpty()) {
      high = Keys.of(account, list, from + "\0");
    }
    List<Entry> entries = new ArrayList<>();
    store
        .table(TABLE)
        .range(low, high, limit, order)
        .forEach(row -> entries.add(Entry.restored(account, row)));
    return Collections.unmodifiableList(entries);
  }
}
