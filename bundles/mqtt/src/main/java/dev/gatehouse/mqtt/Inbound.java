package dev.gatehouse.mqtt;

import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.api.message.Message;
import dev.gatehouse.api.message.Origin;
import dev.gatehouse.api.message.PublishOutcome;
import dev.gatehouse.api.message.QoS;
import dev.gatehouse.api.message.TopicFilter;
import dev.gatehouse.api.message.TopicName;
import dev.gatehouse.api.session.SessionEnd;
import dev.gatehouse.api.session.SubscribeResult;
import dev.gatehouse.api.session.SubscriptionRequest;
import dev.gatehouse.api.session.SubscriptionRequest.RetainHandling;
import dev.gatehouse.mqtt.codec.MqttException;
import dev.gatehouse.mqtt.codec.Packet;
import dev.gatehouse.mqtt.codec.PacketEncoder;
import dev.gatehouse.mqtt.codec.Property;
import dev.gatehouse.mqtt.codec.ReasonCode;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** What a connected client sends. Runs on the connection's loop. */
final class Inbound {
  // of a subscription's options (3.8.3.1)
  private static final int NO_LOCAL = 4;
  private static final int RETAIN_AS_PUBLISHED = 8;

  private static final int REQUEST_BYTES = 300; // of a request to the broker, with its rows
  private static final int MOST_REQUEST_BYTES = 64 << 10; // of one connection, and one request more
  // never added to: many clients only listen
  private static final ArrayDeque<Unanswered> NONE = new ArrayDeque<>(0);

  private final PacketStream stream;
  private final Client client;
  private final LogLimit logs;
  private @Nullable Origin origin; // once it publishes, which many clients never do
  private @Nullable IncomingTopics topics; // as well
  private ArrayDeque<Unanswered> unanswered = NONE; // in order of arrival
  private int requestBytes; // of requests that wait for the store
  private Set<Integer> unreleased = Set.of(); // PUBREC was sent, PUBCOMP was not; MQTT 5

  /** A QoS 1 or 2 message that the broker has not answered for yet. */
  private static final class Unanswered {
    final int qos;
    final int packetId;
    final TopicName topic;
    int bytes;
    @Nullable Runnable answer;

    Unanswered(int qos, int packetId, TopicName topic, int bytes) {
      this.qos = qos;
      this.bytes = bytes;
      this.packetId = packetId;
      this.topic = topic;
    }
  }

  Inbound(PacketStream stream, Client client, LogLimit logs) {
    this.stream = stream;
    this.client = client;
    this.logs = logs;
  }

  Client client() {
    return client;
  }

  private int version() {
    return client.outbound().encoder().version();
  }

  private void write(BiConsumer<PacketEncoder, ByteBuf> packet) {
    client.outbound().write(packet);
  }

  private Origin origin() {
    if (origin == null) {
      origin = new Origin(client.principal(), client.clientId(), stream.source().getHostAddress());
    }
    return origin;
  }

  private IncomingTopics topics() {
    if (topics == null) {
      topics =
          new IncomingTopics(
              client.told(), client.topicAliases(), stream.services.memory().aliases);
    }
    return topics;
  }

  void handle(Packet packet) {
    if (packet instanceof Packet.Publish publish) {
      publish(publish);
    } else if (packet instanceof Packet.Acknowledgement acknowledgement) {
      acknowledgement(acknowledgement);
    } else if (packet instanceof Packet.Subscribe subscribe) {
      subscribe(subscribe);
    } else if (packet instanceof Packet.Unsubscribe unsubscribe) {
      unsubscribe(unsubscribe);
    } else if (packet instanceof Packet.Ping) {
      write(PacketEncoder::pingresp);
    } else {
      throw new MqttException(ReasonCode.PROTOCOL_ERROR, "AUTH was not agreed on");
    }
  }

  private void publish(Packet.Publish publish) {
    MqttLimits limits = stream.services.limits().get();
    if (publish.payload().length > limits.payloadBytes()) {
      throw new MqttException(
          ReasonCode.PACKET_TOO_LARGE,
          "a payload of %d bytes, at most %d are taken"
              .formatted(publish.payload().length, limits.payloadBytes()));
    }
    if (limits.guide() && publish.retain()) {
      throw new MqttException(
          ReasonCode.RETAIN_NOT_SUPPORTED, "the profile aws-iot-2016 does not retain messages");
    }
    if (limits.guide() && publish.qos() == 2) {
      unanswered("PUBLISH");
      return;
    }
    TopicName topic = topics().of(publish, limits);
    Unanswered waiting =
        publish.qos() == 0
            ? null
            : new Unanswered(publish.qos(), publish.packetId(), topic, publish.payload().length);
    if (version() == 4 && topic.value().startsWith("$SYS/")) {
      ignore(topic, waiting);
      return;
    }
    String lacking = client.rights().lacking(topic.value(), publish.retain());
    if (lacking != null) {
      denied(lacking, topic, waiting);
      return;
    }
    Message message = Messages.of(publish, topic, origin(), stream.services.clock());
    if (waiting == null) {
      then(
          client.session().publish(message),
          outcome -> {
            if (outcome == null || outcome == PublishOutcome.RESERVED_TOPIC_UNCLAIMED) {
              dropped(topic, outcome);
            }
          });
      return;
    }
    waiting.bytes = (int) message.heapBytes();
    admit(waiting);
    then(
        waiting.qos == 1
            ? client.session().publish(message)
            : client.session().publish(message, waiting.packetId),
        outcome -> onLoop(() -> answer(waiting, () -> acknowledge(waiting, outcome))));
  }

  /**
   * Acknowledges a message and drops it [MQTT-3.3.5-2]. A bridge of mosquitto tells its state on a
   * status topic; ended for it, as MQTT 3.1.1 says no otherwise, it would never stay connected.
   */
  private void ignore(TopicName topic, @Nullable Unanswered waiting) {
    logs.info("event=publish-ignored clientId=" + client.clientId() + " topic=" + topic, null);
    if (waiting != null) {
      admit(waiting);
      answer(waiting, () -> taken(waiting, ReasonCode.SUCCESS));
    }
  }

  /** Told what became of a message; null if the broker failed. */
  private interface Outcome {
    void is(@Nullable PublishOutcome outcome);
  }

  /** Mostly the stage is complete already. */
  private static void then(CompletionStage<PublishOutcome> stage, Outcome told) {
    CompletableFuture<PublishOutcome> future = stage.toCompletableFuture();
    if (future.isDone() && !future.isCompletedExceptionally()) {
      told.is(future.join());
    } else {
      future.whenComplete((outcome, failure) -> told.is(outcome));
    }
  }

  private void onLoop(Runnable task) {
    if (stream.channel().eventLoop().inEventLoop()) {
      task.run();
    } else {
      stream.channel().eventLoop().execute(task);
    }
  }

  /** The guide: no answer is sent when QoS 2 is requested. */
  private void unanswered(String packet) {
    logs.info("event=qos2-unanswered clientId=" + client.clientId() + " packet=" + packet, null);
  }

  /** Bounds what is unanswered: MQTT 5 clients know the bound, others are no longer read. */
  private void admit(Unanswered waiting) {
    int maximum = receiveMaximum();
    if (version() == 5
        && unanswered.size() + unreleased.size() >= maximum
        && !unreleased.contains(waiting.packetId)) {
      throw new MqttException(
          ReasonCode.RECEIVE_MAXIMUM_EXCEEDED,
          "more than " + maximum + " messages are unacknowledged");
    }
    if (unanswered == NONE) {
      unanswered = new ArrayDeque<>(4);
    }
    unanswered.addLast(waiting);
    // whatever all together have under way, each may have one
    stream.services.memory().inbound.take(waiting.bytes);
    if (stream.services.inboundFull()) {
      stream.hold(PacketStream.Hold.MEMORY);
    }
    if (version() != 5 && unanswered.size() >= maximum) {
      stream.hold(PacketStream.Hold.UNANSWERED);
    }
  }

  /** What an MQTT 5 client was told; other clients do not count. */
  private int receiveMaximum() {
    return (version() == 5 ? client.told() : stream.services.limits().get()).receiveMaximum();
  }

  /** Answers go out in the order in which the messages came [MQTT-4.6.0-2, MQTT-4.6.0-3]. */
  private void answer(Unanswered waiting, Runnable answer) {
    waiting.answer = answer;
    while (!unanswered.isEmpty()) {
      Runnable next = unanswered.getFirst().answer;
      if (next == null) {
        break;
      }
      stream.services.memory().inbound.release(unanswered.removeFirst().bytes);
      next.run();
    }
    if (unanswered.isEmpty() || !stream.services.inboundFull()) {
      stream.free(PacketStream.Hold.MEMORY);
    }
    if (version() != 5 && unanswered.size() < receiveMaximum()) {
      stream.free(PacketStream.Hold.UNANSWERED);
    }
  }

  /** No outcome: the broker failed. */
  private void acknowledge(Unanswered done, @Nullable PublishOutcome outcome) {
    if (outcome == null) {
      refuse(done, ReasonCode.UNSPECIFIED_ERROR, null);
      return;
    }
    switch (outcome) {
      case DELIVERED -> taken(done, ReasonCode.SUCCESS);
      case NO_SUBSCRIBERS -> taken(done, ReasonCode.NO_MATCHING_SUBSCRIBERS);
      case RESERVED_TOPIC_UNCLAIMED ->
          refuse(done, ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR, outcome);
      case QUOTA_EXCEEDED, STORE_UNAVAILABLE -> refuse(done, ReasonCode.QUOTA_EXCEEDED, outcome);
    }
  }

  private void taken(Unanswered done, ReasonCode reason) {
    if (done.qos == 2 && version() == 5) { // only there they are counted
      if (unreleased.isEmpty()) {
        unreleased = new HashSet<>();
      }
      unreleased.add(done.packetId);
    }
    write((encoder, out) -> encoder.received(out, done.qos, done.packetId, reason, ""));
  }

  private void refuse(Unanswered refused, ReasonCode reason, @Nullable PublishOutcome outcome) {
    dropped(refused.topic, outcome);
    if (version() == 5) {
      write(
          (encoder, out) ->
              encoder.received(
                  out,
                  refused.qos,
                  refused.packetId,
                  reason,
                  text(outcome) + " for topic " + refused.topic));
    } else {
      stream.channel().close(); // MQTT 3.1.1 has no other way to say no
    }
  }

  private static String text(@Nullable PublishOutcome outcome) {
    return outcome == null ? "FAILED" : outcome.name();
  }

  private void dropped(TopicName topic, @Nullable PublishOutcome outcome) {
    logs.info(
        "event=publish-refused clientId="
            + client.clientId()
            + " topic="
            + topic
            + " outcome="
            + text(outcome),
        null);
  }

  private void denied(String action, TopicName topic, @Nullable Unanswered waiting) {
    stream.services.counters().denied();
    if (version() != 5 || waiting == null) {
      throw new MqttException(
          ReasonCode.NOT_AUTHORIZED, action + " is not allowed for topic/" + topic);
    }
    logs.info(
        "event=publish-denied clientId="
            + client.clientId()
            + " action="
            + action
            + " topic="
            + topic,
        null);
    admit(waiting);
    answer(
        waiting,
        () ->
            write(
                (encoder, out) ->
                    encoder.received(
                        out,
                        waiting.qos,
                        waiting.packetId,
                        ReasonCode.NOT_AUTHORIZED,
                        action + " is not allowed")));
  }

  private void acknowledgement(Packet.Acknowledgement acknowledgement) {
    int packetId = acknowledgement.packetId();
    switch (acknowledgement.type()) {
      case 4 -> client.session().acknowledge(packetId);
      case 5 -> received(packetId, acknowledgement.reason() < 0x80);
      case 6 -> release(packetId);
      default -> client.session().complete(packetId);
    }
  }

  /** PUBREC; the broker sends PUBREL when that is durable. */
  private void received(int packetId, boolean accepted) {
    if (!client.session().received(packetId, accepted) && accepted) {
      write(
          (encoder, out) -> encoder.pubrel(out, packetId, ReasonCode.PACKET_IDENTIFIER_NOT_FOUND));
    }
  }

  private void release(int packetId) {
    int bytes = asked(REQUEST_BYTES + 2 * client.clientId().length());
    client
        .session()
        .release(packetId)
        .whenComplete(
            (known, failure) ->
                onLoop(
                    () -> {
                      answered(bytes);
                      released(packetId, known);
                    }));
  }

  /** A request goes to the broker. Returns its bytes, for {@link #answered}. */
  private int asked(int bytes) {
    requestBytes += bytes;
    stream.services.memory().inbound.take(bytes);
    if (requestBytes > MOST_REQUEST_BYTES) {
      stream.hold(PacketStream.Hold.REQUESTS);
    }
    return bytes;
  }

  private void answered(int bytes) {
    requestBytes -= bytes;
    stream.services.memory().inbound.release(bytes);
    if (requestBytes <= MOST_REQUEST_BYTES) {
      stream.free(PacketStream.Hold.REQUESTS);
    }
  }

  private static int bytes(List<TopicFilter> filters) {
    int bytes = 0;
    for (TopicFilter filter : filters) {
      bytes += REQUEST_BYTES + 2 * filter.value().length();
    }
    return bytes;
  }

  /** The connection is over. */
  void close() {
    client.outbound().gone();
    client.rights().close();
    if (topics != null) {
      topics.close();
    }
  }

  /** Without an answer the store failed: the client asks again when it comes back. */
  private void released(int packetId, @Nullable Boolean known) {
    if (known == null) {
      client
          .outbound()
          .close(ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR, "the release cannot be stored now");
      return;
    }
    if (!unreleased.isEmpty()) {
      unreleased.remove(packetId);
    }
    write(
        (encoder, out) ->
            encoder.pubcomp(
                out,
                packetId,
                known ? ReasonCode.SUCCESS : ReasonCode.PACKET_IDENTIFIER_NOT_FOUND));
  }

  private void subscribe(Packet.Subscribe subscribe) {
    int id = subscribe.properties().number(Property.SUBSCRIPTION_IDENTIFIER).orElse(0L).intValue();
    MqttLimits limits = stream.services.limits().get();
    if (subscribe.topics().size() > limits.subscribeFilters()) {
      throw new MqttException(
          ReasonCode.QUOTA_EXCEEDED,
          "a SUBSCRIBE with %d topic filters, at most %d are taken"
              .formatted(subscribe.topics().size(), limits.subscribeFilters()));
    }
    if (limits.guide()
        && subscribe.topics().stream().anyMatch(topic -> (topic.options() & 3) == 2)) {
      unanswered("SUBSCRIBE");
      return;
    }
    requireRoomFor(subscribe.topics().size());
    List<SubscriptionRequest> requests = new ArrayList<>();
    List<Integer> codes = new ArrayList<>();
    for (Packet.Subscribe.Topic topic : subscribe.topics()) {
      // before anything is made of it
      if (limits.fault("topic filter", unshared(topic.filter())) != null) {
        codes.add(failure(ReasonCode.TOPIC_FILTER_INVALID));
        continue;
      }
      int code = 0;
      TopicFilter filter = filter(topic.filter());
      if (filter.shared() && (topic.options() & NO_LOCAL) != 0) {
        throw new MqttException(
            ReasonCode.PROTOCOL_ERROR,
            "No Local with the shared subscription '" + filter + "' [MQTT-3.8.3-4]");
      }
      if (mayKnow(filter.unshared(), limits)
          && client.rights().subscribe(filter.unshared().value())) {
        requests.add(request(filter, topic.options(), id));
      } else {
        stream.services.counters().denied();
        code = failure(ReasonCode.NOT_AUTHORIZED);
      }
      codes.add(code);
    }
    CompletableFuture<List<SubscribeResult>> granted = new CompletableFuture<>();
    granted.whenComplete(
        (results, failure) -> {
          if (limits.guide()
              && results != null
              && results.contains(SubscribeResult.QUOTA_EXCEEDED)) {
            onLoop(
                () ->
                    stream.channel().pipeline().fireUserEventTriggered(SessionEnd.LIMIT_EXCEEDED));
          } else {
            write(
                (encoder, out) -> encoder.suback(out, subscribe.packetId(), merge(codes, results)));
          }
        });
    if (requests.isEmpty()) {
      granted.complete(List.of());
    } else {
      int bytes = asked(bytes(requests.stream().map(SubscriptionRequest::filter).toList()));
      granted.whenComplete((results, failure) -> onLoop(() -> answered(bytes)));
      client.session().subscribe(requests, granted);
    }
  }

  /** The filter of {@code $share/NAME/FILTER}, well-formed or not; any other as it is. */
  private static String unshared(String filter) {
    return filter.startsWith("$share/")
        ? filter.substring(filter.indexOf('/', "$share/".length()) + 1)
        : filter;
  }

  /** The answer has a code for each filter. */
  private void requireRoomFor(int codes) {
    if (version() == 5 && !client.outbound().encoder().fits(codes)) {
      throw new MqttException(
          ReasonCode.PACKET_TOO_LARGE,
          "the answer for %d topic filters is larger than the client takes".formatted(codes));
    }
  }

  /** The gateway's own figures are for operators, whatever the policies of devices say. */
  private boolean mayKnow(TopicFilter filter, MqttLimits limits) {
    return !filter.value().startsWith("$SYS")
        || limits.statusForDevices()
        || client.principal() instanceof Principal.User
        || client.principal() instanceof Principal.RoleSession;
  }

  private int failure(ReasonCode reason) {
    return version() == 5 ? reason.code() : 0x80;
  }

  private static TopicFilter filter(String text) {
    try {
      return new TopicFilter(text);
    } catch (IllegalArgumentException e) {
      // "Topic Filter invalid" is for a filter that is correctly formed (MQTT 5.0, 2.4)
      throw new MqttException(ReasonCode.MALFORMED_PACKET, String.valueOf(e.getMessage()));
    }
  }

  private SubscriptionRequest request(TopicFilter filter, int options, int id) {
    return new SubscriptionRequest(
        filter,
        QoS.of(options & 3),
        (options & NO_LOCAL) != 0 || (client.bridge() && !filter.shared()),
        (options & RETAIN_AS_PUBLISHED) != 0 || client.bridge(),
        RetainHandling.values()[options >> 4 & 3],
        id);
  }

  /** Results stand where no refusal does; without results the broker failed. */
  private List<Integer> merge(List<Integer> codes, @Nullable List<SubscribeResult> results) {
    List<Integer> merged = new ArrayList<>(codes.size());
    int next = 0;
    for (int code : codes) {
      merged.add(
          code != 0 || results == null
              ? (code != 0 ? code : failure(ReasonCode.UNSPECIFIED_ERROR))
              : switch (results.get(next++)) {
                case GRANTED_QOS_0 -> 0;
                case GRANTED_QOS_1 -> 1;
                case GRANTED_QOS_2 -> 2;
                case QUOTA_EXCEEDED -> failure(ReasonCode.QUOTA_EXCEEDED);
                case STORE_UNAVAILABLE -> failure(ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR);
              });
    }
    return merged;
  }

  private void unsubscribe(Packet.Unsubscribe unsubscribe) {
    requireRoomFor(unsubscribe.filters().size());
    List<TopicFilter> filters = unsubscribe.filters().stream().map(text -> filter(text)).toList();
    int bytes = asked(bytes(filters));
    client
        .session()
        .unsubscribe(filters)
        .whenComplete((found, failure) -> onLoop(() -> answered(bytes)))
        .whenComplete((found, failure) -> unsubscribed(unsubscribe.packetId(), filters, found));
  }

  /** Without results the store failed, and the subscriptions are as they were. */
  private void unsubscribed(
      int packetId, List<TopicFilter> filters, @Nullable List<Boolean> found) {
    if (found == null && version() != 5) {
      stream.channel().close(); // its UNSUBACK could only say that all went well
      return;
    }
    write(
        (encoder, out) ->
            encoder.unsuback(
                out,
                packetId,
                found == null
                    ? filters.stream().map(filter -> ReasonCode.UNSPECIFIED_ERROR.code()).toList()
                    : found.stream()
                        .map(was -> was ? 0 : ReasonCode.NO_SUBSCRIPTION_EXISTED.code())
                        .toList()));
  }
}
