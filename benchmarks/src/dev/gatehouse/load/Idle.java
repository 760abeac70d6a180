package dev.gatehouse.load;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Many connections with a subscription each that do nothing; then they come again, which warmed-up
 * code serves, and each gets one message.
 */
final class Idle {
  private static final long HOLD_NANOS = 2_000_000_000L;
  private static final long QUIET_NANOS = 5_000_000_000L;

  private final Settings settings;
  private final Loop loop;
  private final Tally tally = new Tally();
  private final Clients clients;
  private final List<Subscriber> subscribers = new ArrayList<>();

  Idle(Settings settings) throws IOException {
    this.settings = settings;
    loop = new Loop(settings.tls());
    clients = new Clients(loop, tally, settings);
    for (int i = 0; i < settings.connections(); i++) {
      subscribers.add(clients.subscriber(i, clients.topic(i), i, 1));
    }
  }

  void run(Report report) throws IOException {
    report.markAndWait("empty");
    report.add("first", connect());
    hold();
    report.markAndWait("held");
    loop.close(subscribers);
    hold();
    report.markAndWait("closed");
    report.mark("begin");
    report.add("persecond", connect());
    report.mark("end");
    hold();
    report.markAndWait("again");
    prove();
    report.add("received", settings.connections());
    report.add(tally, settings.connections());
    loop.close(subscribers);
  }

  private void hold() throws IOException {
    for (long end = System.nanoTime() + HOLD_NANOS; System.nanoTime() < end; ) {
      loop.turn(100);
    }
  }

  /** Opens all and says how many a second. */
  private double connect() throws IOException {
    long start = System.nanoTime();
    loop.open(subscribers, 64);
    return settings.connections() * 1e9 / (System.nanoTime() - start);
  }

  /** One message to each shows that all are really served. */
  private void prove() throws IOException {
    Publisher publisher = clients.publisher(0, clients.topic(0));
    loop.open(List.of(publisher), 1);
    for (int i = 0; i < subscribers.size(); i++) {
      publisher.aim(i, clients.topic(i));
      publisher.publish(System.nanoTime());
      publisher.touch();
      loop.turn(0);
    }
    for (long end = System.nanoTime() + QUIET_NANOS;
        tally.received < subscribers.size() && System.nanoTime() < end; ) {
      loop.turn(10);
    }
    loop.close(List.of(publisher));
  }
}
