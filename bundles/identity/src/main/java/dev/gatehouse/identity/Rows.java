package dev.gatehouse.identity;

import dev.gatehouse.api.store.Table;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** Reads whole tables, page by page. */
final class Rows {
  private Rows() {}

  static void forEach(Table table, int pageSize, Consumer<Table.Row> consumer) {
    byte[] from = new byte[0];
    List<Table.Row> page;
    do {
      page = table.range(from, null, pageSize, Table.Order.ASCENDING);
      page.forEach(consumer);
      if (!page.isEmpty()) {
        byte[] last = page.get(page.size() - 1).key();
        from = Arrays.copyOf(last, last.length + 1); // the next possible key
      }
    } while (page.size() == pageSize);
  }
}
