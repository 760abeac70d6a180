package dev.gatehouse.load;

import java.util.ArrayList;
import java.util.List;

/** The clients of one run: their names and topics are this run's own. */
final class Clients {
  final Loop loop;
  final Tally tally;
  private final Settings settings;
  private final String run = Long.toString(System.nanoTime() & 0xffffff, 36);

  Clients(Loop loop, Tally tally, Settings settings) {
    this.loop = loop;
    this.tally = tally;
    this.settings = settings;
  }

  List<Publisher> publishers() {
    List<Publisher> publishers = new ArrayList<>();
    for (int i = 0; i < settings.publishers(); i++) {
      publishers.add(publisher(i, settings.layout().equals("shared") ? topic(0) : topic(i)));
    }
    return publishers;
  }

  Publisher publisher(int number, String topic) {
    String id = "p" + run + "-" + number;
    int size = settings.size();
    return new Publisher(loop, tally, settings.port(), id, number, topic, settings.qos(), size);
  }

  List<Subscriber> subscribers() {
    List<Subscriber> subscribers = new ArrayList<>();
    for (int i = 0; i < settings.subscribers(); i++) {
      subscribers.add(
          switch (settings.layout()) {
            case "pairs" -> subscriber(i, topic(i), i, 1);
            case "fanin" -> subscriber(i, "bench/" + run + "/+", 0, settings.publishers());
            default -> subscriber(i, topic(0), 0, settings.publishers());
          });
    }
    return subscribers;
  }

  Subscriber subscriber(int number, String filter, int firstPublisher, int publishers) {
    String id = "s" + run + "-" + number;
    int qos = settings.qos();
    return new Subscriber(
        loop, tally, settings.port(), id, filter, qos, firstPublisher, publishers);
  }

  String topic(int number) {
    return "bench/" + run + "/" + number;
  }
}
