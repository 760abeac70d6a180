package dev.gatehouse.api.session;

import dev.gatehouse.api.message.Message;
import java.util.function.BooleanSupplier;

/**
 * A message published for a client that went without saying so (MQTT 5.0, 3.1.2.5).
 *
 * @param delaySeconds how long to wait for the client to come back, 0 to 4,294,967,295
 * @param stillAllowed asked at the moment of publication: rights may have changed since CONNECT
 */
public record Will(Message message, long delaySeconds, BooleanSupplier stillAllowed) {}
