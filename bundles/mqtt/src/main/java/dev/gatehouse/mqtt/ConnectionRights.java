package dev.gatehouse.mqtt;

import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.identity.Rights;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** One client's rights, with recent answers kept as long as no policy changes. Thread-safe. */
final class ConnectionRights {
  private static final int KEPT = 512;

  private final Rights rights;
  private final Account account;
  // by topic; made when the first is asked for
  private volatile @Nullable Map<String, Answer> publish;
  private volatile @Nullable Map<String, Answer> retain;
  private volatile @Nullable Map<String, Answer> receive;

  /** One is good for one revision: no change that comes meanwhile can leave an old one behind. */
  private record Answer(long revision, boolean allowed) {}

  ConnectionRights(Rights rights, Account account) {
    this.rights = rights;
    this.account = account;
  }

  boolean connect(String clientId) {
    return decide("iot:Connect", "client/" + clientId);
  }

  boolean subscribe(String filter) {
    return decide("iot:Subscribe", "topicfilter/" + filter);
  }

  boolean publish(String topic) {
    Map<String, Answer> answers = publish;
    if (answers == null) {
      answers = new ConcurrentHashMap<>(4);
      publish = answers;
    }
    return kept(answers, "iot:Publish", topic);
  }

  /** Whether a message may be published with the RETAIN flag: AWS asks for a right more. */
  boolean retain(String topic) {
    Map<String, Answer> answers = retain;
    if (answers == null) {
      answers = new ConcurrentHashMap<>(4);
      retain = answers;
    }
    return kept(answers, "iot:RetainPublish", topic);
  }

  /** The action that a client lacks to publish; null if it may. */
  @Nullable String lacking(String topic, boolean retained) {
    if (!publish(topic)) {
      return "iot:Publish";
    }
    return retained && !retain(topic) ? "iot:RetainPublish" : null;
  }

  boolean receive(String topic) {
    Map<String, Answer> answers = receive;
    if (answers == null) {
      answers = new ConcurrentHashMap<>(4);
      receive = answers;
    }
    return kept(answers, "iot:Receive", topic);
  }

  private boolean kept(Map<String, Answer> answers, String action, String topic) {
    long revision = rights.revision();
    Answer known = answers.get(topic);
    if (known == null || known.revision() != revision) {
      if (answers.size() >= KEPT) {
        answers.clear();
      }
      known = new Answer(revision, decide(action, "topic/" + topic));
      answers.put(topic, known);
    }
    return known.allowed();
  }

  private boolean decide(String action, String resource) {
    return rights.decide(action, account.arn("iot", resource).toString()).allowed();
  }
}
