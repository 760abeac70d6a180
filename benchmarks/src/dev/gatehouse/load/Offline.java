package dev.gatehouse.load;

import java.io.IOException;
import java.util.List;

/**
 * Cycles of: a session that is kept is left; publishers fill its queue; its client comes back and
 * drains it. The first cycle warms up.
 */
final class Offline {
  private static final long QUIET_NANOS = 10_000_000_000L;

  private final Settings settings;
  private final Loop loop;
  private final Tally tally = new Tally();
  private final Clients clients;
  private final List<Publisher> publishers;
  private final List<Subscriber> subscribers;
  private double queueSeconds;
  private double drainSeconds;
  private long sent;

  Offline(Settings settings) throws IOException {
    this.settings = settings;
    loop = new Loop(settings.tls());
    clients = new Clients(loop, tally, settings);
    publishers = clients.publishers();
    subscribers = clients.subscribers();
  }

  void run(Report report) throws IOException {
    subscribers.forEach(subscriber -> subscriber.clean = false);
    loop.open(subscribers, 1);
    loop.close(subscribers);
    subscribers.forEach(subscriber -> subscriber.subscribes = false);
    for (int cycle = 0; cycle <= settings.cycles(); cycle++) {
      if (cycle == 1) {
        queueSeconds = 0;
        drainSeconds = 0;
        tally.acknowledgement.clear();
      }
      String suffix = cycle == 0 ? "-warm" : "";
      loop.open(publishers, 64);
      report.mark("begin" + suffix);
      boolean queued = queue();
      report.mark("end" + suffix);
      loop.close(publishers);
      report.mark("drain" + suffix);
      boolean drained = drain();
      report.mark("drained" + suffix);
      loop.close(subscribers);
      if (!queued || !drained) {
        break;
      }
    }
    double measured = (double) settings.count() * settings.cycles();
    report.add("received", measured);
    report.add("persecond", measured / queueSeconds);
    report.add("drained", measured / drainSeconds);
    report.add("ack99", tally.acknowledgement.millis(0.99));
    report.add(tally, sent * settings.deliveries());
    subscribers.forEach(subscriber -> subscriber.clean = true);
    loop.open(subscribers, 1);
    loop.close(subscribers);
  }

  private boolean queue() throws IOException {
    long start = System.nanoTime();
    long acknowledged = tally.acknowledged + settings.count();
    long credit = settings.count();
    int turn = 0;
    while (tally.acknowledged < acknowledged) {
      long now = System.nanoTime();
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
      long before = tally.acknowledged;
      loop.turn(QUIET_NANOS / 1_000_000);
      if (tally.acknowledged == before && System.nanoTime() - now > QUIET_NANOS) {
        return false;
      }
    }
    queueSeconds += (System.nanoTime() - start) / 1e9;
    return true;
  }

  private boolean drain() throws IOException {
    long start = System.nanoTime();
    loop.open(subscribers, 1);
    long expected = sent * settings.deliveries();
    while (tally.received < expected) {
      long before = tally.received;
      long now = System.nanoTime();
      loop.turn(QUIET_NANOS / 1_000_000);
      if (tally.received == before && System.nanoTime() - now > QUIET_NANOS) {
        return false;
      }
    }
    drainSeconds += (tally.lastDelivery - start) / 1e9;
    subscribers.forEach(Subscriber::ask);
    long limit = System.nanoTime() + QUIET_NANOS;
    while (!subscribers.stream().allMatch(Subscriber::isAnswered)) {
      loop.turn(10);
      if (System.nanoTime() > limit) {
        return false;
      }
    }
    return true;
  }
}
