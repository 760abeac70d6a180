package dev.gatehouse.rules.sql;

import dev.gatehouse.api.message.MessageProperties;
import org.jspecify.annotations.Nullable;

/**
 * What functions such as {@code topic()} tell about the message.
 *
 * @param topic with its Basic Ingest prefix, if any
 * @param clientId null if it did not come over MQTT
 * @param sourceIp null if not known
 * @param properties of MQTT 5
 * @param timeMillis what {@code timestamp()} answers
 */
public record MessageContext(
    String accountId,
    String topic,
    @Nullable String clientId,
    String principal,
    @Nullable String sourceIp,
    String traceId,
    MessageProperties properties,
    long timeMillis) {}
