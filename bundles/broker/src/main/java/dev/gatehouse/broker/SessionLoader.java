package dev.gatehouse.broker;

import dev.gatehouse.api.store.Store;
import dev.gatehouse.api.store.Table;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** Reads persistent sessions back, a page at a time. */
final class SessionLoader {
  private static final int PAGE = 200;

  private final Store store;

  SessionLoader(Store store) {
    this.store = store;
  }

  void load(Consumer<SessionRow> restore) {
    byte[] from = new byte[0];
    List<Table.Row> page;
    do {
      page = store.table(SessionRow.TABLE).range(from, null, PAGE, Table.Order.ASCENDING);
      for (Table.Row row : page) {
        restore.accept(SessionRow.restored(row.key(), row.value()));
        from = Arrays.copyOf(row.key(), row.key().length + 1);
      }
    } while (page.size() == PAGE);
  }
}
