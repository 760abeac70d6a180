package dev.gatehouse.load;

import java.io.IOException;
import java.util.List;

/** Publishers and subscribers at once: warming up, the measured span, then the rest arrives. */
final class Exchange {
  private static final long QUIET_NANOS = 5_000_000_000L;

  private final Settings settings;
  private final Loop loop;
  private final Tally tally = new Tally();
  private final List<Publisher> publishers;
  private final List<Subscriber> subscribers;
  private long sent;
  private int turn;

  Exchange(Settings settings) throws IOException {
    this.settings = settings;
    loop = new Loop(settings.tls());
    Clients clients = new Clients(loop, tally, settings);
    subscribers = clients.subscribers();
    publishers = clients.publishers();
  }

  void run(Report report) throws IOException, InterruptedException {
    loop.open(subscribers, 64);
    loop.open(publishers, 64);
    // Loading what the marks need takes tens of milliseconds; not within the measured span.
    Load.cpuNanos();
    report.mark("connected");
    if (settings.rate() > 0) {
      Pacer pacer = new Pacer(publishers, settings.rate());
      Thread thread = new Thread(pacer, "pacer");
      thread.start();
      measure(report, () -> {});
      pacer.stop();
      thread.join();
      sent = pacer.sent();
      report.add("late", pacer.lateness().millis(0.5));
    } else {
      measure(report, this::publish);
    }
    settle();
    report.add(tally, sent * settings.deliveries());
    loop.close(publishers);
    loop.close(subscribers);
  }

  private void measure(Report report, Runnable work) throws IOException {
    long start = System.nanoTime();
    turnUntil(start + (long) (settings.warmSeconds() * 1e9), work);
    tally.delivery.clear();
    tally.acknowledgement.clear();
    long cpu = Load.cpuNanos();
    report.mark("begin");
    long before = tally.received;
    long begin = System.nanoTime();
    turnUntil(begin + (long) (settings.seconds() * 1e9), work);
    report.mark("end");
    double seconds = (System.nanoTime() - begin) / 1e9;
    long received = tally.received - before;
    report.add("received", received);
    report.add("persecond", received / seconds);
    report.add("generator", received == 0 ? 0 : (Load.cpuNanos() - cpu) / 1e3 / received);
    report.add("p50", tally.delivery.millis(0.5));
    report.add("p99", tally.delivery.millis(0.99));
    report.add("ack99", tally.acknowledgement.millis(0.99));
  }

  private void turnUntil(long end, Runnable work) throws IOException {
    while (System.nanoTime() < end) {
      work.run();
      loop.turn(10);
    }
  }

  /** As many as the windows and the bound of what is under way allow. */
  private void publish() {
    long now = System.nanoTime();
    long credit = Long.MAX_VALUE;
    if (settings.under() > 0) {
      credit = settings.under() - (sent - tally.received / settings.deliveries());
    }
    for (int full = 0; full < publishers.size() && credit > 0; turn++) {
      Publisher publisher = publishers.get(turn % publishers.size());
      if (publisher.hasRoom(settings.window())) {
        publisher.publish(now);
        publisher.touch();
        sent++;
        credit--;
        full = 0;
      } else {
        full++;
      }
    }
  }

  /** Waits for what is under way, as long as something comes. */
  private void settle() throws IOException {
    long expected = sent * settings.deliveries();
    long progress = -1;
    long since = System.nanoTime();
    while (tally.received < expected || !publishers.stream().allMatch(Publisher::isSettled)) {
      loop.turn(10);
      if (progress != tally.received + tally.acknowledged) {
        progress = tally.received + tally.acknowledged;
        since = System.nanoTime();
      } else if (System.nanoTime() - since > QUIET_NANOS) {
        return;
      }
    }
    loop.turn(0);
  }
}
