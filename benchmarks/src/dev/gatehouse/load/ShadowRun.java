package dev.gatehouse.load;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Updates of shadows from many connections: for a time, or until each of many shadows has had one.
 */
final class ShadowRun {
  private static final long QUIET_NANOS = 5_000_000_000L;

  private final Settings settings;
  private final Loop loop;
  private final Tally tally = new Tally();
  private final List<ShadowClient> clients = new ArrayList<>();
  private long sent;
  private int turn;

  ShadowRun(Settings settings) throws IOException {
    this.settings = settings;
    loop = new Loop(settings.tls());
    int things = Math.max(1, settings.count() / settings.publishers());
    String run = Long.toString(System.nanoTime() & 0xffffff, 36);
    for (int i = 0; i < settings.publishers(); i++) {
      String id = "s" + run + "-" + i;
      clients.add(new ShadowClient(loop, tally, settings.port(), id, i * things, things));
    }
  }

  void run(Report report) throws IOException {
    loop.open(clients, 64);
    Load.cpuNanos(); // loading what it needs takes tens of milliseconds
    if (settings.seconds() > 0) {
      updateUntil(System.nanoTime() + (long) (settings.warmSeconds() * 1e9));
      tally.delivery.clear();
      tally.acknowledgement.clear();
    }
    long cpu = Load.cpuNanos();
    long before = tally.received;
    report.mark("begin");
    long begin = System.nanoTime();
    if (settings.seconds() > 0) {
      updateUntil(begin + (long) (settings.seconds() * 1e9));
    } else {
      updateEach();
    }
    report.mark("end");
    double seconds = (System.nanoTime() - begin) / 1e9;
    long received = tally.received - before;
    report.add("received", received);
    report.add("persecond", received / seconds);
    report.add("generator", received == 0 ? 0 : (Load.cpuNanos() - cpu) / 1e3 / received);
    report.add("p50", tally.delivery.millis(0.5));
    report.add("p99", tally.delivery.millis(0.99));
    report.add("ack99", tally.acknowledgement.millis(0.99));
    settle();
    report.add(tally, sent);
    loop.close(clients);
  }

  private void updateUntil(long end) throws IOException {
    long begin = System.nanoTime();
    long first = sent;
    for (long now = begin; now < end; now = System.nanoTime()) {
      if (settings.rate() == 0) {
        fill(now, Long.MAX_VALUE);
        loop.turn(10);
      } else {
        for (long due; (due = begin + (long) ((sent - first) * 1e9 / settings.rate())) <= now; ) {
          if (fill(due, 1) == 0) {
            break; // all windows are full; what is late counts from when it was due
          }
        }
        loop.turn(1);
      }
    }
  }

  private void updateEach() throws IOException {
    while (sent < settings.count()) {
      fill(System.nanoTime(), settings.count() - sent);
      loop.turn(10);
    }
    settle();
  }

  /** As many updates as the windows take, at most so many. */
  private long fill(long due, long most) {
    long done = 0;
    for (int full = 0; full < clients.size() && done < most; turn++) {
      ShadowClient client = clients.get(turn % clients.size());
      if (client.hasRoom(settings.window())) {
        client.update(due);
        done++;
        full = 0;
      } else {
        full++;
      }
    }
    sent += done;
    return done;
  }

  /** Waits for what is under way, as long as something comes. */
  private void settle() throws IOException {
    long progress = -1;
    long since = System.nanoTime();
    while (clients.stream().anyMatch(client -> client.isOpen() && client.underWay() > 0)) {
      loop.turn(10);
      if (progress != tally.received + tally.foreign) {
        progress = tally.received + tally.foreign;
        since = System.nanoTime();
      } else if (System.nanoTime() - since > QUIET_NANOS) {
        return;
      }
    }
  }
}
