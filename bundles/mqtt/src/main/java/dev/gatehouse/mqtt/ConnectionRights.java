package dev.gatehouse.mqtt;

import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.identity.Rights;
import dev.gatehouse.api.memory.MemoryShare;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * One client's rights, with recent answers kept as long as no policy changes. The last answer is
 * always at hand, others while the memory share has room; those for long topics are not kept, since
 * a client can make up as many as it likes. Thread-safe.
 */
final class ConnectionRights {
  /** Topics with more characters are decided anew each time. */
  static final int LONGEST_KEPT = 256;

  private static final int MOST_KEPT = 512;
  private static final int ANSWER_BYTES = 140; // with its topic's objects and its place in the map

  private final Rights rights;
  private final Account account;
  private final MemoryShare memory;
  // made when the first is asked for: many clients only listen, and most are silent
  private volatile @Nullable Answers publish;
  private volatile @Nullable Answers retain;
  private volatile @Nullable Answers receive;
  private boolean closed; // guarded by this

  ConnectionRights(Rights rights, Account account, MemoryShare memory) {
    this.rights = rights;
    this.account = account;
    this.memory = memory;
  }

  /** One is good for one revision: no change that comes meanwhile can leave an old one behind. */
  private record Answer(String topic, long revision, boolean allowed) {
    boolean isFor(String other, long now) {
      return revision == now && topic.equals(other);
    }
  }

  boolean connect(String clientId) {
    return decide("iot:Connect", "client/" + clientId);
  }

  boolean subscribe(String filter) {
    return decide("iot:Subscribe", "topicfilter/" + filter);
  }

  boolean publish(String topic) {
    Answers answers = publish;
    if (answers == null) {
      answers = new Answers("iot:Publish");
      publish = answers;
    }
    return answers.allowed(topic);
  }

  /** Whether a message may be published with the RETAIN flag: AWS asks for a right more. */
  boolean retain(String topic) {
    Answers answers = retain;
    if (answers == null) {
      answers = new Answers("iot:RetainPublish");
      retain = answers;
    }
    return answers.allowed(topic);
  }

  /** As {@link #lacking}, for a question that is asked once: its answer is not kept. */
  @Nullable String lackingOnce(String topic, boolean retained) {
    return lackingOnce(rights, account, topic, retained);
  }

  /** As {@link #lacking}, by the rights of a client that is not connected. */
  static @Nullable String lackingOnce(
      Rights rights, Account account, String topic, boolean retained) {
    String arn = account.arn("iot", "topic/" + topic).toString();
    if (!rights.decide("iot:Publish", arn).allowed()) {
      return "iot:Publish";
    }
    return retained && !rights.decide("iot:RetainPublish", arn).allowed()
        ? "iot:RetainPublish"
        : null;
  }

  /** The action that a client lacks to publish; null if it may. */
  @Nullable String lacking(String topic, boolean retained) {
    if (!publish(topic)) {
      return "iot:Publish";
    }
    return retained && !retain(topic) ? "iot:RetainPublish" : null;
  }

  boolean receive(String topic) {
    Answers answers = receive;
    if (answers == null) {
      answers = firstReceive();
    }
    return answers.allowed(topic);
  }

  /** Messages come from many threads, publishes from the connection's loop only. */
  private synchronized Answers firstReceive() {
    Answers answers = receive;
    if (answers == null) {
      answers = new Answers("iot:Receive");
      receive = answers;
    }
    return answers;
  }

  /** The connection is over: answers are not kept any more. */
  synchronized void close() {
    closed = true;
    if (publish != null) {
      publish.clear();
    }
    if (retain != null) {
      retain.clear();
    }
    if (receive != null) {
      receive.clear();
    }
  }

  private boolean decide(String action, String resource) {
    return rights.decide(action, account.arn("iot", resource).toString()).allowed();
  }

  /** Answers of one action, by topic. */
  private final class Answers {
    private final String action;
    private volatile @Nullable Answer last;
    private volatile Map<String, Answer> kept = Map.of(); // a ConcurrentHashMap when there is one

    Answers(String action) {
      this.action = action;
    }

    boolean allowed(String topic) {
      long revision = rights.revision();
      Answer known = last;
      if (known != null && known.isFor(topic, revision)) {
        return known.allowed;
      }
      if (topic.length() > LONGEST_KEPT) {
        return decide(action, "topic/" + topic);
      }
      Answer before = kept.get(topic);
      if (before == null || before.revision != revision) {
        before = new Answer(topic, revision, decide(action, "topic/" + topic));
        synchronized (ConnectionRights.this) {
          keep(before, known);
        }
      }
      last = before;
      return before.allowed;
    }

    /** Most clients have one topic: a map is made for the second. */
    private void keep(Answer answer, @Nullable Answer former) {
      if (closed || former == null || former.topic.equals(answer.topic)) {
        return;
      }
      if (kept.size() >= MOST_KEPT) {
        clear();
      }
      if (kept.isEmpty()) {
        kept = new ConcurrentHashMap<>(4);
        put(former);
      }
      put(answer);
    }

    private void put(Answer answer) {
      if (kept.containsKey(answer.topic) || EdgeMemory.tryCache(memory, bytes(answer))) {
        kept.put(answer.topic, answer);
      }
    }

    private static long bytes(Answer answer) {
      return ANSWER_BYTES + 2L * answer.topic.length();
    }

    private void clear() {
      memory.release(kept.values().stream().mapToLong(Answers::bytes).sum());
      kept = Map.of();
    }
  }
}
