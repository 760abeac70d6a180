package dev.gatehouse.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.api.store.StoreStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PowerCutTest {
  /** Set {@code -Dgatehouse.powerCuts=20000} for the long run. */
  private static final int CUTS = Integer.getInteger("gatehouse.powerCuts", 500);

  private static final int BATCHES = 200;
  @TempDir Path scratch;

  /** One history with the disk stopping after a number of operations; the disk as it was then. */
  private SimulatedDisk run(Trace trace, long failAfter, int groupEvery) throws IOException {
    SimulatedDisk disk = new SimulatedDisk();
    disk.failAfter(failAfter);
    try (Engine engine = new Engine(disk, Trace.settings(scratch))) {
      for (int i = 0; i < BATCHES; i++) {
        trace.commit(engine);
        if (i % groupEvery == 0) {
          trace.settle();
        }
        if (i == BATCHES / 2) {
          engine.checkpoint().exceptionally(failure -> null).join();
        }
      }
      trace.settle();
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("stopped working");
    }
    return disk;
  }

  private void recoverAndVerify(SimulatedDisk disk, Trace trace, String context)
      throws IOException {
    try (Engine engine = new Engine(disk, Trace.settings(scratch))) {
      StoreStatus status = engine.status();
      assertThat(status.damage()).as(context + disk.list()).isEmpty();
      assertThat(status.reason()).as(context + disk.list()).isEmpty();
      assertThat(status.mode()).as(context).isEqualTo(StoreStatus.Mode.READ_WRITE);
      trace.verify(engine, context);
    }
  }

  @Test
  void whatWasAcknowledgedSurvivesACutAtEveryOperation() throws IOException {
    Trace whole = new Trace();
    long operations = run(whole, Long.MAX_VALUE, 1).operations();
    assertThat(operations).isGreaterThan(2L * BATCHES);
    for (long cut = 1; cut <= operations; cut += 3) {
      Trace trace = new Trace();
      SimulatedDisk disk = run(trace, cut, 1);
      disk.failAfter(Long.MAX_VALUE);
      recoverAndVerify(disk.copy(), trace, "process killed at operation " + cut);
    }
  }

  @Test
  void whatWasAcknowledgedSurvivesUnsyncedWritesBeingLostReorderedAndTorn() throws IOException {
    long seed = Long.getLong("gatehouse.seed", System.nanoTime());
    Random random = new Random(seed);
    for (int i = 0; i < CUTS; i++) {
      Trace trace = new Trace();
      SimulatedDisk disk = run(trace, 5 + random.nextInt(400), 1 + random.nextInt(20));
      String context = "seed " + seed + ", cut " + i;
      SimulatedDisk survivor = disk.afterPowerCut(random);
      recoverAndVerify(survivor, trace, context);
      // and once more: recovery itself must leave a sound store
      recoverAndVerify(survivor.afterPowerCut(random), trace, context + ", cut again");
    }
  }
}
