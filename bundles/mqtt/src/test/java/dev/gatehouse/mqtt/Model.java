package dev.gatehouse.mqtt;

import dev.gatehouse.api.message.TopicFilter;
import dev.gatehouse.api.message.TopicName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What a broker is to its clients, as simply as can be said. */
final class Model {
  /** A subscription's options (3.8.3.1). */
  record Options(int qos, boolean noLocal, boolean asPublished, int handling) {
    int bits() {
      return qos | (noLocal ? 4 : 0) | (asPublished ? 8 : 0) | handling << 4;
    }
  }

  /** A message that somebody is to get. */
  record Expected(String topic, String payload, int qos, boolean retain) {}

  /** One of those; sent or not in the connection there is. */
  static final class Due {
    final Expected message;
    final boolean shared; // came by a shared subscription
    boolean sent;

    Due(Expected message, boolean shared) {
      this.message = message;
      this.shared = shared;
    }
  }

  record Kept(String payload, int qos) {}

  /** What is published when a connection is lost. */
  record Will(String topic, String payload, int qos) {}

  /** A session: what is subscribed, and what is to come. */
  static final class Session {
    boolean kept; // outlives the connection there is
    boolean forEver;
    final boolean durable; // as it was made
    final Map<String, Options> subscriptions = new LinkedHashMap<>();
    final List<Due> waiting = new ArrayList<>(); // not sent yet, or not acknowledged
    final Set<Expected> retained = new HashSet<>(); // come in any order
    final Set<String> acknowledged = new HashSet<>(); // may come again after a crash
    Will will; // of the connection there is; null for none

    Session(boolean kept, boolean forEver) {
      this.kept = kept;
      this.forEver = forEver;
      this.durable = kept;
    }
  }

  final Map<String, Session> sessions = new LinkedHashMap<>();
  private String beginning; // whose former connection is lost as this one begins
  final Set<String> connected = new HashSet<>();
  final Map<String, Kept> retained = new TreeMap<>();
  final List<Expected> shared = new ArrayList<>(); // one of the members that are there gets it
  // acknowledged: after a crash another member may get it when the session of the first ends
  final Set<String> sharedAcknowledged = new HashSet<>();

  /** Returns whether the session was there. */
  boolean connect(String client, boolean clean, boolean kept, boolean forEver, Will will) {
    Will lost = connected.contains(client) ? sessions.get(client).will : null;
    disconnect(client);
    Session before = sessions.get(client);
    boolean present = before != null && !clean;
    connected.add(client);
    if (present) {
      before.kept = kept && before.durable;
      before.forEver = forEver;
      before.waiting.forEach(due -> due.sent = false);
    } else {
      if (before != null) {
        end(client);
      }
      sessions.put(client, new Session(kept, forEver));
    }
    sessions.get(client).will = will;
    beginning = client;
    publish(client, lost);
    beginning = null;
    return present;
  }

  private void publish(String client, Will will) {
    if (will != null) {
      publish(client, will.topic, will.payload, will.qos, false);
    }
  }

  /** A connection is lost. */
  void lose(String client) {
    Will will = sessions.get(client).will;
    disconnect(client);
    publish(client, will);
  }

  /** The gateway crashes: what was not stored is gone. */
  void crash() {
    Map<String, Will> wills = new TreeMap<>();
    for (String client : List.copyOf(connected)) {
      Session session = sessions.get(client);
      if (session.durable && session.will != null) {
        wills.put(client, session.will);
      }
    }
    List.copyOf(connected).forEach(this::disconnect);
    wills.forEach(this::publish);
  }

  /** A session ends: what it held of a shared subscription goes to another member. */
  private void end(String client) {
    Session session = sessions.remove(client);
    for (Due due : session.waiting) {
      if (due.shared && due.message.qos == 1 && members(due.message.topic, true) > 0) {
        shared.add(due.message);
      } else if (due.shared && due.message.qos == 1) {
        sharedAcknowledged.add(due.message.payload); // a member that is away may get it
      }
    }
  }

  /** How many sessions share the subscription of a topic. */
  private long members(String topic, boolean there) {
    return sessions.entrySet().stream()
        .filter(
            each ->
                (!there || connected.contains(each.getKey()))
                    && each.getValue().subscriptions.keySet().stream()
                        .map(TopicFilter::new)
                        .anyMatch(
                            filter ->
                                filter.shared() && filter.unshared().matches(new TopicName(topic))))
        .count();
  }

  void disconnect(String client) {
    connected.remove(client);
    Session session = sessions.get(client);
    if (session != null && !session.kept) {
      end(client);
    } else if (session != null) {
      session.waiting.removeIf(each -> each.message.qos == 0);
      session.retained.removeIf(each -> each.qos == 0);
    }
  }

  /** All that is not kept for ever and not connected ends. */
  void expire() {
    for (String client : List.copyOf(sessions.keySet())) {
      if (!connected.contains(client) && !sessions.get(client).forEver) {
        end(client);
      }
    }
  }

  void subscribe(String client, String filter, Options options) {
    Session session = sessions.get(client);
    boolean isNew = session.subscriptions.put(filter, options) == null;
    TopicFilter parsed = new TopicFilter(filter);
    if (parsed.shared() || options.handling == 2 || (options.handling == 1 && !isNew)) {
      return;
    }
    retained.forEach(
        (topic, kept) -> {
          if (parsed.matches(new TopicName(topic))) {
            session.retained.add(
                new Expected(topic, kept.payload, Math.min(kept.qos, options.qos), true));
          }
        });
  }

  boolean unsubscribe(String client, String filter) {
    return sessions.get(client).subscriptions.remove(filter) != null;
  }

  /**
   * Whether a message would go to a group of which nobody is there: then it is not said to whom.
   */
  boolean sharedWithNobodyThere(String topic) {
    return sessions.entrySet().stream()
        .anyMatch(
            each ->
                each.getValue().subscriptions.keySet().stream()
                    .map(TopicFilter::new)
                    .anyMatch(
                        filter ->
                            filter.shared()
                                && filter.unshared().matches(new TopicName(topic))
                                && !connected.contains(each.getKey())));
  }

  void publish(String publisher, String topic, String payload, int qos, boolean retain) {
    TopicName name = new TopicName(topic);
    if (retain) {
      if (payload.isEmpty()) {
        retained.remove(topic);
      } else {
        retained.put(topic, new Kept(payload, qos));
      }
    }
    int group = -1;
    for (Map.Entry<String, Session> each : sessions.entrySet()) {
      int highest = -1;
      boolean asPublished = false;
      for (Map.Entry<String, Options> one : each.getValue().subscriptions.entrySet()) {
        TopicFilter filter = new TopicFilter(one.getKey());
        Options options = one.getValue();
        if (!filter.unshared().matches(name)
            || (options.noLocal && each.getKey().equals(publisher))) {
          continue;
        }
        if (filter.shared()) {
          group = Math.max(group, options.qos);
        } else {
          highest = Math.max(highest, options.qos);
          asPublished |= options.asPublished;
        }
      }
      int with = Math.min(highest, qos);
      // QoS 0 does not wait for a client that has no CONNACK yet
      boolean there =
          connected.contains(each.getKey()) && (with > 0 || !each.getKey().equals(beginning));
      if (highest >= 0 && (there || (each.getValue().kept && with > 0))) {
        each.getValue()
            .waiting
            .add(new Due(new Expected(topic, payload, with, retain && asPublished), false));
      }
    }
    if (group >= 0) {
      shared.add(new Expected(topic, payload, Math.min(group, qos), false));
    }
  }
}
