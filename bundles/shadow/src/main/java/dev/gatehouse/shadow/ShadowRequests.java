package dev.gatehouse.shadow;

import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.message.Message;
import dev.gatehouse.api.shadow.ShadowName;
import dev.gatehouse.api.shadow.ShadowResult;
import dev.gatehouse.shadow.ShadowTopics.Method;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Requests over MQTT: reads the topic, asks the service, publishes the answer. */
final class ShadowRequests {
  private static final int IN_FLIGHT = 10;

  private final Shadows shadows;
  private final ShadowAnswers answers;
  private final Map<Client, Integer> inFlight = new ConcurrentHashMap<>();

  /** Who has requests under way; a client id is an account's own. */
  private record Client(Account account, String id) {}

  /**
   * What is asked.
   *
   * @param hops of the message, which the answer has too
   */
  private record Asked(ShadowName name, Method method, byte[] payload, int hops) {}

  ShadowRequests(Shadows shadows, ShadowAnswers answers) {
    this.shadows = shadows;
    this.answers = answers;
  }

  CompletionStage<?> handle(Message message) {
    String[] levels = message.topic().value().split("/", -1);
    boolean named = levels.length == 7;
    if (named && levels[5].isEmpty()) {
      // It is not the classic shadow that is meant, and a policy for named ones let it pass.
      return CompletableFuture.completedFuture(null);
    }
    Method method = Method.of(levels[levels.length - 1]);
    ShadowName name;
    try {
      name = new ShadowName(message.account(), levels[2], named ? levels[5] : "");
    } catch (IllegalArgumentException e) {
      return CompletableFuture.completedFuture(null); // no topic could carry the answer
    }
    Asked asked = new Asked(name, method, message.payload().bytes(), message.hops());
    String id = message.origin().clientId();
    Client client = id == null ? null : new Client(message.account(), id);
    if (client != null && !enter(client)) {
      reject(asked, new ShadowError(429, "Too many requests: at most 10 may be in flight"));
      return CompletableFuture.completedFuture(null);
    }
    // Composed, so that whatever goes wrong gives the client its place back and an answer.
    return CompletableFuture.completedFuture(asked)
        .thenCompose(this::ask)
        .whenComplete(
            (answer, failure) -> {
              leave(client);
              answered(asked, answer, failure);
            });
  }

  private CompletionStage<ShadowResult> ask(Asked asked) {
    return switch (asked.method) {
      case UPDATE -> shadows.update(asked.name, asked.payload, asked.hops);
      case GET -> shadows.get(asked.name);
      case DELETE -> shadows.delete(asked.name, asked.payload, asked.hops);
    };
  }

  private boolean enter(Client client) {
    boolean entered = inFlight.merge(client, 1, Integer::sum) <= IN_FLIGHT;
    if (!entered) {
      leave(client); // who is refused takes no place
    }
    return entered;
  }

  private void leave(@Nullable Client client) {
    if (client != null) {
      inFlight.computeIfPresent(client, (key, count) -> count == 1 ? null : count - 1);
    }
  }

  private void answered(Asked asked, @Nullable ShadowResult answer, @Nullable Throwable failure) {
    if (answer instanceof ShadowResult.Rejected rejected) {
      reject(asked, new ShadowError(rejected.code(), rejected.message()));
    } else if (failure != null) {
      reject(asked, new ShadowError(500, "Internal service failure"));
    } else if (answer instanceof ShadowResult.Accepted accepted && asked.method == Method.GET) {
      // An update or deletion has been announced already, whoever asked for it.
      byte[] document = withToken(accepted.document(), asked.payload);
      answers.publish(asked.name, asked.method, "accepted", document, asked.hops);
    }
  }

  private static byte[] withToken(byte[] document, byte[] request) {
    return ClientToken.of(request)
        .map(token -> new JsonText(document).member("clientToken", token).end())
        .orElse(document);
  }

  private void reject(Asked asked, ShadowError error) {
    answers.reject(asked.name, asked.method, error, ClientToken.of(asked.payload), asked.hops);
  }
}
