package dev.gatehouse.mqtt;

import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.identity.Rights;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** One client's rights, with recent answers kept as long as no policy changes. Thread-safe. */
final class ConnectionRights {
  private static final int KEPT = 512;

  private final Rights rights;
  private final Account account;
  private final Map<String, Boolean> publish = new ConcurrentHashMap<>(4);
  private final Map<String, Boolean> receive = new ConcurrentHashMap<>(4);
  private volatile long revision;

  ConnectionRights(Rights rights, Account account) {
    this.rights = rights;
    this.account = account;
    this.revision = rights.revision();
  }

  boolean connect(String clientId) {
    return decide("iot:Connect", "client/" + clientId);
  }

  boolean subscribe(String filter) {
    return decide("iot:Subscribe", "topicfilter/" + filter);
  }

  boolean publish(String topic) {
    return kept(publish, "iot:Publish", topic);
  }

  boolean receive(String topic) {
    return kept(receive, "iot:Receive", topic);
  }

  private boolean kept(Map<String, Boolean> answers, String action, String topic) {
    long current = rights.revision();
    if (current != revision) {
      publish.clear();
      receive.clear();
      revision = current;
    }
    Boolean known = answers.get(topic);
    if (known == null) {
      if (answers.size() >= KEPT) {
        answers.clear();
      }
      known = decide(action, "topic/" + topic);
      // An answer found before a change that happened meanwhile must not be kept.
      if (rights.revision() == current) {
        answers.put(topic, known);
      }
    }
    return known;
  }

  private boolean decide(String action, String resource) {
    return rights.decide(action, account.arn("iot", resource).toString()).allowed();
  }
}
