package dev.gatehouse.shadow;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.message.Message;
import dev.gatehouse.api.message.MessageBus;
import dev.gatehouse.api.message.Payload;
import dev.gatehouse.api.shadow.ShadowName;
import dev.gatehouse.json.Json;
import dev.gatehouse.shadow.ShadowTopics.Method;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Optional;

/** What is told on a shadow's topics (guide: Device Shadow MQTT Topics). */
final class ShadowAnswers {
  private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);

  private final MessageBus bus;
  private final Clock clock;

  ShadowAnswers(MessageBus bus, Clock clock) {
    this.bus = bus;
    this.clock = clock;
  }

  /** Seconds since the epoch. */
  long seconds() {
    return clock.millis() / 1000;
  }

  /**
   * Tells it.
   *
   * @param hops of the request, so that a loop through rules and shadows ends
   */
  void publish(ShadowName name, Method method, String outcome, byte[] payload, int hops) {
    bus.publish(
        Message.internal(
                name.account(),
                "shadow",
                ShadowTopics.answer(name, method, outcome),
                Payload.of(payload),
                clock.millis())
            .withHops(hops));
  }

  /**
   * Tells of an update: accepted, what differs now, and the documents before and after.
   *
   * @return what was accepted
   */
  byte[] updated(
      ShadowName name,
      ShadowRow before,
      ShadowDocument.Applied applied,
      UpdateRequest request,
      int hops) {
    long time = applied.row().usedAt();
    byte[] answer =
        end(
            new JsonText()
                .member("state", request.removesAll() ? NULL : Json.bytes(request.state()))
                .member("metadata", Json.bytes(applied.acceptedMetadata()))
                .member("version", applied.row().version())
                .member("timestamp", time),
            request.clientToken());
    publish(name, Method.UPDATE, "accepted", answer, hops);
    ShadowDocument after = applied.document();
    ObjectNode delta = after.delta();
    if (!delta.isEmpty()) {
      JsonText told =
          new JsonText()
              .member("version", after.version())
              .member("timestamp", time)
              .member("state", Json.bytes(delta))
              .member("metadata", Json.bytes(after.deltaMetadata(delta)));
      publish(name, Method.UPDATE, "delta", end(told, request.clientToken()), hops);
    }
    JsonText documents =
        new JsonText()
            .member("previous", before.exists() ? snapshot(before) : NULL)
            .member("current", snapshot(applied.row()))
            .member("timestamp", time);
    publish(name, Method.UPDATE, "documents", end(documents, request.clientToken()), hops);
    return answer;
  }

  private static byte[] end(JsonText text, Optional<String> clientToken) {
    clientToken.ifPresent(token -> text.member("clientToken", token));
    return text.end();
  }

  private static byte[] snapshot(ShadowRow row) {
    return new JsonText()
        .member("state", row.state())
        .member("metadata", row.metadata())
        .member("version", row.version())
        .end();
  }

  /** An empty response state document. */
  byte[] deletion(ShadowRow row, Optional<String> clientToken) {
    return end(
        new JsonText().member("version", row.version()).member("timestamp", seconds()),
        clientToken);
  }

  void reject(
      ShadowName name, Method method, ShadowError error, Optional<String> clientToken, int hops) {
    JsonText answer =
        new JsonText()
            .member("code", error.code())
            .member("message", error.text())
            .member("timestamp", seconds());
    publish(name, method, "rejected", end(answer, clientToken), hops);
  }
}
