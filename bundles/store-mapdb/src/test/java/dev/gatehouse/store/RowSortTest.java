package dev.gatehouse.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.store.RowSort.Change;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RowSortTest {
  @TempDir Path directory;

  private static Change change(String key, int value) {
    return new Change(Trace.bytes(key), value < 0 ? null : new byte[value]);
  }

  private static List<String> merged(RowSort sort, Change... base) throws IOException {
    Iterator<Change> rows = List.of(base).iterator();
    List<String> merged = new ArrayList<>();
    sort.merge(
        () -> rows.hasNext() ? rows.next() : null,
        (key, value) -> merged.add(Trace.text(key) + "=" + value.length));
    return merged;
  }

  @Test
  void theLatestChangeOfAKeyCountsWhereverItLies() throws IOException {
    for (long heapBytes : List.of(1L, 200L, 1L << 20)) { // a run for each change, some runs, none
      try (RowSort sort = new RowSort(directory.resolve("sort"), heapBytes)) {
        for (Change change :
            List.of(
                change("b", 1), change("a", 1), change("b", 2), change("d", 1), change("d", -1))) {
          sort.add(change.key(), change.value());
        }
        sort.add(Trace.bytes("c"), null);
        assertThat(merged(sort, change("b", 0), change("c", 0), change("e", 0)))
            .as("%s bytes on the heap", heapBytes)
            .containsExactly("a=1", "b=2", "e=0");
      }
      assertThat(directory).isEmptyDirectory();
    }
  }

  @Test
  void aFileThatCannotBeWrittenLosesNothing() throws IOException {
    try (RowSort sort = new RowSort(directory.resolve("absent/sort"), 100)) {
      assertThatThrownBy(() -> sort.add(Trace.bytes("a"), new byte[200]))
          .isInstanceOf(IOException.class);
      assertThat(merged(sort, change("b", 0))).containsExactly("a=200", "b=0");
    }
  }
}
