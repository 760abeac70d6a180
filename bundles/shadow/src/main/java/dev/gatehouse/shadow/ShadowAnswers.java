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
import org.jspecify.annotations.Nullable;

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
   * What is told of an update when it is durable, made before: while the disk writes, these bytes
   * take less memory than the trees that they come from.
   *
   * @param delta null if nothing is desired that is not reported so
   */
  @SuppressWarnings("ArrayRecordComponent") // nobody compares them
  record Told(byte[] accepted, byte @Nullable [] delta, byte[] documents) {
    long bytes() {
      return (long) accepted.length + (delta == null ? 0 : delta.length) + documents.length;
    }
  }

  /** What is told of an update: what was accepted, what differs now, and both documents. */
  Told told(ShadowRow before, ShadowDocument.Applied applied, UpdateRequest request) {
    long time = applied.row().usedAt();
    byte[] accepted =
        end(
            new JsonText()
                .member("state", request.removesAll() ? NULL : Json.bytes(request.state()))
                .member(
                    "metadata",
                    request.removesAll() ? stamp(time) : Json.bytes(applied.acceptedMetadata()))
                .member("version", applied.row().version())
                .member("timestamp", time),
            request.clientToken());
    JsonText documents =
        new JsonText()
            .member("previous", before.exists() ? snapshot(before) : NULL)
            .member("current", snapshot(applied.row()))
            .member("timestamp", time);
    return new Told(
        accepted, delta(applied.document(), time, request), end(documents, request.clientToken()));
  }

  private static byte @Nullable [] delta(ShadowDocument after, long time, UpdateRequest request) {
    ObjectNode delta = after.delta();
    return delta.isEmpty()
        ? null
        : end(
            new JsonText()
                .member("version", after.version())
                .member("timestamp", time)
                .member("state", Json.bytes(delta))
                .member("metadata", Json.bytes(after.deltaMetadata(delta))),
            request.clientToken());
  }

  /** Tells of an update that is durable. */
  void publish(ShadowName name, Told told, int hops) {
    publish(name, Method.UPDATE, "accepted", told.accepted(), hops);
    if (told.delta() != null) {
      publish(name, Method.UPDATE, "delta", told.delta(), hops);
    }
    publish(name, Method.UPDATE, "documents", told.documents(), hops);
  }

  /** The metadata of a state that is null as a whole. */
  private static byte[] stamp(long time) {
    return new JsonText().member("timestamp", time).end();
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
