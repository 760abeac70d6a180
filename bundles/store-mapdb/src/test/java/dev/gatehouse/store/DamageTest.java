package dev.gatehouse.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.api.store.StoreStatus;
import dev.gatehouse.api.store.Table;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DamageTest {
  /** Set {@code -Dgatehouse.mutations=10000} for the long run. */
  private static final int MUTATIONS = Integer.getInteger("gatehouse.mutations", 2000);

  @TempDir Path scratch;

  private SimulatedDisk closedStore() throws IOException {
    SimulatedDisk disk = new SimulatedDisk();
    history(disk);
    return disk;
  }

  /** Commits 120 batches; the disk as a kill would have left it after every tenth, then closes. */
  private List<SimulatedDisk> history(SimulatedDisk disk) throws IOException {
    List<SimulatedDisk> killed = new ArrayList<>();
    Trace trace = new Trace();
    try (Engine engine = new Engine(disk, Trace.settings(scratch))) {
      for (int i = 0; i < 120; i++) {
        trace.commit(engine);
        trace.settle();
        if (i == 40 || i == 80) {
          engine.checkpoint().join();
        }
        if (i % 10 == 9) {
          killed.add(disk.copy());
        }
      }
    }
    return killed;
  }

  private static List<String> rows(Engine engine) {
    List<String> rows = new ArrayList<>();
    for (String table : List.of("left", "right")) {
      engine
          .table(table)
          .range(null, null, 10_000, Table.Order.ASCENDING)
          .forEach(
              row -> rows.add(table + Arrays.toString(row.key()) + Arrays.hashCode(row.value())));
    }
    engine
        .queue("queue")
        .read(0, 10_000, 1 << 26)
        .toCompletableFuture()
        .join()
        .forEach(entry -> rows.add(entry.number() + ":" + Arrays.hashCode(entry.value())));
    return rows;
  }

  /** Damages one file; old copies come from earlier moments of the same store. */
  private static String damage(SimulatedDisk disk, List<SimulatedDisk> earlier, Random random) {
    List<String> names = disk.list().stream().filter(name -> !name.equals("RESERVE")).toList();
    String name = names.get(random.nextInt(names.size()));
    byte[] content = disk.content(name);
    int at = content.length == 0 ? 0 : random.nextInt(Math.min(content.length, 8192));
    switch (random.nextInt(7)) {
      case 0, 1 -> {
        if (content.length > 0) {
          content[at] ^= (byte) (1 << random.nextInt(8));
        }
        disk.place(name, content);
        return "bit of " + name + " at " + at;
      }
      case 2 -> {
        disk.place(name, Arrays.copyOf(content, at));
        return name + " cut at " + at;
      }
      case 3 -> {
        Arrays.fill(content, at, Math.min(content.length, at + 512), (byte) 0);
        disk.place(name, content);
        return name + " zeroed at " + at;
      }
      case 4 -> {
        Arrays.fill(content, at, content.length, (byte) 0);
        disk.place(name, content);
        return name + " zeroed from " + at;
      }
      case 5 -> {
        SimulatedDisk old = earlier.get(random.nextInt(earlier.size()));
        String same = old.list().contains(name) ? name : "MANIFEST";
        disk.place(same, old.content(same));
        return "old copy of " + same;
      }
      default -> {
        disk.remove(name);
        return name + " removed";
      }
    }
  }

  @Test
  void everyMutationIsDetectedOrHarmlessAndNoValueIsWrong() throws IOException {
    long seed = Long.getLong("gatehouse.seed", System.nanoTime());
    Random random = new Random(seed);
    SimulatedDisk closed = new SimulatedDisk();
    List<SimulatedDisk> killed = history(closed);
    SimulatedDisk killedLast = killed.get(killed.size() - 1);
    List<String> expected;
    try (Engine engine = new Engine(closed.copy(), Trace.settings(scratch))) {
      expected = rows(engine);
    }
    int detected = 0;
    for (int i = 0; i < MUTATIONS; i++) {
      SimulatedDisk disk = (i % 2 == 0 ? closed : killedLast).copy();
      String context = "seed " + seed + ", mutation " + i + ": " + damage(disk, killed, random);
      try (Engine engine = new Engine(disk, Trace.settings(scratch))) {
        StoreStatus status = engine.status();
        List<String> rows = rows(engine);
        if (status.damage().isEmpty() && status.mode() == StoreStatus.Mode.READ_WRITE) {
          assertThat(rows).as(context).isEqualTo(expected);
        } else {
          detected++;
        }
      }
    }
    assertThat(detected).isGreaterThan(MUTATIONS / 4);
  }

  @Test
  void aFlippedBitInTheJournalIsReportedWithFileAndOffsetAndTheRestIsKept() throws IOException {
    SimulatedDisk disk = closedStore();
    String segment =
        disk.list().stream().filter(n -> n.startsWith("segment")).reduce((a, b) -> b).orElseThrow();
    byte[] content = disk.content(segment);
    content[FileTable.HEADER + Frame.HEADER + 3] ^= 4;
    disk.place(segment, content);
    try (Engine engine = new Engine(disk, Trace.settings(scratch))) {
      assertThat(engine.status().damage())
          .anyMatch(line -> line.contains(segment) && line.contains("offset 32"));
      assertThat(engine.table("right").get(Trace.bytes("k119"))).isPresent();
      assertThat(disk.list()).anyMatch(name -> name.startsWith("quarantine-"));
    }
  }

  @Test
  void aNewerStoreIsRefusedAndLeftAlone() throws IOException {
    SimulatedDisk disk = closedStore();
    new Manifest(FileTable.SCHEMA + 1, 7, 0, List.of()).write(disk);
    List<String> before = disk.list();
    try (Engine engine = new Engine(disk, Trace.settings(scratch))) {
      assertThat(engine.status().mode()).isEqualTo(StoreStatus.Mode.READ_ONLY);
      assertThat(engine.status().reason()).contains("newer version");
    }
    assertThat(disk.list()).isEqualTo(before);
  }

  @Test
  void withEveryCheckpointDamagedItServesWhatItCanReadAndWritesNothing() throws IOException {
    SimulatedDisk disk = closedStore();
    for (String name : disk.list()) {
      if (name.startsWith("checkpoint")) {
        byte[] content = disk.content(name);
        content[content.length / 2] ^= 1;
        disk.place(name, content);
      }
    }
    try (Engine engine = new Engine(disk, Trace.settings(scratch))) {
      assertThat(engine.status().mode()).isEqualTo(StoreStatus.Mode.READ_ONLY);
      assertThat(engine.table("right").get(Trace.bytes("k119"))).isPresent();
      Trace trace = new Trace();
      trace.commit(engine);
      trace.settle();
      assertThat(engine.status().reason()).contains("no checkpoint is whole");
    }
  }
}
